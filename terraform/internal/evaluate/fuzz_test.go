package evaluate

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/keywarden/keywarden/terraform/internal/budget"
)

// fuzzLimits are small, so that a fuzz target reaches them within milliseconds.
func fuzzLimits() budget.Limits {
	limits := budget.Default()
	limits.Steps, limits.ExpressionSteps = 100_000, 40_000
	limits.Bytes, limits.ExpressionBytes, limits.Text = 1<<20, 1<<18, 1<<16
	limits.Parts, limits.BlockInstances, limits.Instances = 3000, 10, 50
	limits.Templates, limits.Modules, limits.References = 10, 10, 50
	return limits
}

// goWords are words of Go that mean nothing to a user of Keywarden.
var goWords = []string{"panic", "runtime error", "goroutine", "strconv.", "nil pointer", "internal error", "0xc0"}

// checkEvaluation verifies that an evaluation ends within its budget, has the same result each time, and reports what it
// did not evaluate.
func checkEvaluation(t *testing.T, files memoryFS) {
	t.Helper()
	limits := fuzzLimits()
	run := func() ([]byte, Response, budget.Use) {
		limit := budget.New(limits)
		response := runWithin(limit, files, Request{Directory: "."})
		text, err := json.Marshal(response)
		if err != nil {
			t.Fatal(err)
		}
		return text, response, limit.Used()
	}
	text, response, used := run()
	// The last charge exceeds the limit. Each expression that starts after it fails at its first charge.
	if most := 3*limits.Steps + 1_000_000; used.Steps > most && !hasLimit(response) {
		t.Errorf("%d steps", used.Steps)
	}
	if used.Instances > limits.Instances {
		t.Errorf("%d instances", used.Instances)
	}
	if (used.Steps > limits.Steps || used.Bytes > limits.Bytes) && !hasLimit(response) {
		t.Errorf("%+v, but no problem: %+v", used, response.Problems)
	}
	for _, problem := range response.Problems {
		if problem.File == "" || problem.Message == "" || problem.Remedy == "" {
			t.Errorf("incomplete problem: %+v", problem)
		}
		checkWords(t, files, problem.Message+" "+problem.Remedy)
	}
	for _, h := range response.Holes {
		checkWords(t, files, h.Reason)
	}
	if again, _, _ := run(); string(again) != string(text) {
		t.Errorf("two evaluations differ:\n%s\n%s", text, again)
	}
}

func hasLimit(response Response) bool {
	return slices.ContainsFunc(response.Problems, func(p Problem) bool { return strings.Contains(p.Message, "than") })
}

func checkWords(t *testing.T, files memoryFS, message string) {
	t.Helper()
	for _, word := range goWords {
		written := false
		for name, text := range files {
			written = written || strings.Contains(name+text, word)
		}
		if !written && strings.Contains(message, word) {
			t.Errorf("a message has the word %q: %s", word, message)
		}
	}
}

// expressions are hostile expressions. Each is the start of many others.
var hostileExpressions = []string{
	`9e999999 * 9e999999`, `1 / 3e-999999`, `"${9e9999999}"`, `tonumber("1e9999999")`, `pow(10, 4000) * pow(10, 4000)`,
	`parseint("zzzzzzzz", 36)`, `format("%d", "9e9999999")`, `1e300 * "1e400"`, `-(1/0) + 1/0`, `log(0, 0)`, `9e4999 % 1e-4999`,
	`concat([for i in range(1000) : i], [for i in range(1000) : [i, i]])`,
	`setproduct(range(800), range(800), range(800))`, `length(setproduct(range(1000), range(1000)))`,
	`[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : "x"]]]`,
	`{ for a in range(1000) : "k${a % 7}" => a... }`, `flatten([[["a"]], [for i in range(900) : [[i]]]])`,
	`merge({ a = 1 }, { for i in range(1000) : "k${i}" => i })`, `try(setproduct(range(800), range(800), range(800)), "safe")`,
	`can(setproduct(range(800), range(800), range(800)))`, `join("", [for i in range(1000) : format("%1000d", i)])`,
	`replace(join("", range(1000)), "/(1*)(2*)/", "$1$2$1$2")`, `regexall("(a{1,900}){1,900}", "aaaa")`,
	`"%{ for a in range(1000) }%{ for b in range(1000) }x%{ endfor }%{ endfor }"`, `templatestring("$${a}", { a = 1 })`,
	`cidrsubnets("10.0.0.0/8", [for i in range(1000) : 20]...)`, `cidrhost("::/0", 1e4000)`, `var.unknown[*].x`,
	`jsondecode("{\"a\": [1e400, \"x\"]}")`, `yamldecode("a: &a [1, 2]\nb: [*a, *a]")`, `split("", join("", range(1000)))`,
	`tolist([for i in range(1000) : { "a${i}" = i }])`, `local.v`, `aws_kms_key.k`, `[for k, v in var.unknown : merge(v, { k = k })]`,
	`var.unknown ? setproduct(range(99), range(99)) : []`, `chunklist(range(1000), 1)`, `substr("äöü", 0, 1e18)`, `range(1e9)`,
}

func FuzzExpression(f *testing.F) {
	for _, expression := range hostileExpressions {
		f.Add(expression)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		checkEvaluation(t, memoryFS{"main.tf": "variable \"unknown\" {}\nlocals {\n  v = " + expression + "\n  twice = [local.v, local.v]\n" +
			"}\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode(local.twice)\n  tags = local.v\n}\n" +
			"resource \"aws_kms_key\" \"many\" {\n  for_each = local.v\n  description = each.key\n}\n"})
	})
}

func FuzzModules(f *testing.F) {
	call := func(name, source string) string {
		return "module \"" + name + "\" {\n  source = \"" + source + "\"\n}\n"
	}
	key := "resource \"aws_kms_key\" \"k\" {}\n"
	f.Add(call("a", "./a"), call("b", "../b"), call("a", "../a")+key)
	f.Add(call("a", "./a")+call("b", "./a"), call("x", "../b")+call("y", "../b"), call("x", ".")+key)
	f.Add("module \"a\" {\n  source = \"./a\"\n  count = 1000\n}\n", "module \"b\" {\n  source = \"../b\"\n  count = 1000\n}\n", "resource \"aws_kms_key\" \"k\" {\n  count = 1e18\n}\n")
	f.Add("module \"a\" {\n  source = \"./a\"\n  x = module.a.x\n}\n", "variable \"x\" {}\noutput \"x\" {\n  value = [var.x, var.x]\n}\n", "")
	f.Add("locals {\n  a = local.b\n  b = [local.a, local.a]\n}\n"+key, "", "")
	f.Add("resource \"aws_kms_key\" \"k\" {\n  count = 3\n  policy = aws_kms_key.k[count.index + 1].policy\n}\n", "", "")
	f.Add("variable \"x\" {\n  type = object({ a = optional(list(number), [for i in [1, 2] : i]) })\n}\n", "", "")
	f.Fuzz(func(t *testing.T, root, a, b string) {
		checkEvaluation(t, memoryFS{"main.tf": root, "a/main.tf": a, "b/main.tf": b, "terraform.tfvars": a, "c/main.tf.json": b})
	})
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{`{"a": [1, 1e400, "x", null, {"b": true}]}`, "[[[[]]]]", "a: &a [1, 2]\nb: [*a, *a]\n", "- - - x",
		"a,b\n1,2\n", "1e99999", "{\"a\": \"\U000F00000\U000F0001\"}", "x = [for a in [1] : a]", "!!binary aGk=", "? a\n: b", "<<: {a: 1}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkEvaluation(t, memoryFS{"text": text, "main.tf": `
locals {
  text = file("text")
  json = jsondecode(local.text)
  yaml = yamldecode(local.text)
}
resource "aws_kms_key" "json" {
  policy = jsonencode(local.json)
}
resource "aws_kms_key" "yaml" {
  policy = yamlencode(local.yaml)
  tags   = { text = local.text, csv = jsonencode(csvdecode(local.text)) }
}
resource "aws_kms_key" "again" {
  policy = jsonencode([jsondecode(jsonencode(local.json)), provider::terraform::decode_tfvars(local.text)])
}
resource "aws_kms_key" "template" {
  policy = templatefile("text", { a = local.json, b = "x" })
}
`})
	})
}
