package evaluate

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/keywarden/keywarden/terraform/internal/budget"
)

// doubled returns local values that each contain the one before twice. In the expression, @ is the value before.
func doubled(times int, first, expression string) string {
	text := "locals {\n  a0 = " + first + "\n"
	for i := 1; i <= times; i++ {
		text += fmt.Sprintf("  a%d = %s\n", i, strings.ReplaceAll(expression, "@", fmt.Sprintf("local.a%d", i-1)))
	}
	return text + "}\n"
}

// besideKey is a key that each hostile configuration has beside it.
const besideKey = "resource \"aws_kms_key\" \"beside\" {\n  description = \"judged\"\n}\n"

// TestHostileExpressions verifies that an expression which exceeds a limit is reported with its position and becomes
// unknown, that its work is bounded, and that the key beside it is still evaluated.
func TestHostileExpressions(t *testing.T) {
	const (
		parts, length = "A value has more than 50,000 parts", "A string is longer than 10,485,760 bytes"
		steps         = "The evaluation takes more than 1,500,000 steps"
		number        = "A number is outside the range from 1e-5000 to 1e5000, or has more than 10,000 digits"
	)
	for name, c := range map[string]struct {
		before, expression, problem string
		steps                       int
	}{
		"literal":            {"", `9e999999 * 9e999999`, number, 1000},
		"division":           {"", `1 / 3e-999999`, number, 1000},
		"number in a string": {"", `format("%d", "9e9999999")`, number, 1000},
		"conversion":         {"", `tonumber("9e99999999")`, number, 1000},
		"implicit":           {"", `1 + "9e99999999"`, number, 1000},
		"product":            {"", `pow(10, 300) * 1e4900`, number, 1000},
		"infinity":           {"", `1e4000 + pow(10, 400)`, number, 1000},
		"parseint":           {`locals { a = join("", [for i in range(1000) : "zzzzzzzzzzzz"]) }`, `parseint(local.a, 36)`, number, 100_000},
		"jsondecode":         {"", `jsondecode("[9e999999]")`, number, 1000},
		"concat":             {doubled(40, `["x"]`, "concat(@, @)"), "local.a40", parts, 5_000_000},
		"holes":              {doubled(30, `["x"]`, "concat(@, @)"), "jsonencode(local.a30)", parts, 5_000_000},
		"flatten":            {doubled(40, `["x"]`, "[@, @]"), "flatten(local.a40)", parts, 5_000_000},
		"tuple":              {doubled(60, `["x"]`, "[@, @]"), "local.a60", parts, 5_000_000},
		"template":           {doubled(40, `"0123456789"`, `"${@}${@}"`), "local.a40", length, 5_000_000},
		"join":               {doubled(40, `"0123456789"`, `join("", [@, @])`), "local.a40", length, 5_000_000},
		"format":             {doubled(40, `"0123456789"`, `format("%s%s", @, @)`), "local.a40", length, 15_000_000},
		"jsonencode":         {doubled(40, `"0123456789"`, `jsonencode([@, @])`), "local.a40", length, 15_000_000},
		"nested loops":       {"", `[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : "x"]]]`, "", 6_000_000},
		"loops of templates": {"", `"%{ for a in range(1000) }%{ for b in range(1000) }%{ for c in range(1000) }x%{ endfor }%{ endfor }%{ endfor }"`, steps, 6_000_000},
		"setproduct":         {"", `setproduct(range(800), range(800), range(800))`, parts, 100_000},
		"length":             {"", `length(setproduct(range(1000), range(1000)))`, parts, 100_000},
		"try":                {"", `try(jsonencode(setproduct(range(800), range(800), range(800))), "{}")`, parts, 100_000},
		"can":                {"", `can(setproduct(range(800), range(800), range(800))) ? "a" : "b"`, parts, 100_000},
		"split":              {`locals { a = join("", [for i in range(1000) : format("%1000d", 1)]) }`, `split("", local.a)`, parts, 5_000_000},
		"regular expression": {"", `regexall(join("|", [for i in range(50) : "[a-z${i}]{900}"]), "aaa")`, "A regular expression is too large", 10_000},
		"pairs of types":     {`locals { a = [for p in setproduct(range(100), range(100)) : { "k${p[0]}" = p[1] }] }`, "tolist(local.a)", steps, 30_000_000},
		"template recursion": {`locals { t = "$${templatestring(t, { t = t })}" }`, `templatestring(local.t, { t = local.t })`, "Templates call each other more than 50 levels deep", 100_000},
		"chain":              {doubled(3000, `"x"`, "@"), "local.a3000", "References are nested more than 1,000 levels deep", 100_000},
	} {
		t.Run(name, func(t *testing.T) {
			source := c.before + "\nresource \"aws_kms_key\" \"k\" {\n  policy = " + c.expression + "\n}\n" + besideKey
			limit := budget.New(budget.Default())
			response := runWithin(limit, memoryFS{"main.tf": source}, Request{Directory: "."})
			if len(response.Problems) == 0 || !strings.HasPrefix(response.Problems[0].Message, c.problem) || response.Problems[0].Line == 0 {
				t.Errorf("%+v", response.Problems)
			}
			if used := limit.Used(); used.Steps > c.steps {
				t.Errorf("%d steps", used.Steps)
			}
			policy, beside := false, false
			for _, component := range response.Components {
				for _, resource := range component[0].Plan.Resources {
					beside = beside || resource.Name == "beside" && resource.Change.After["description"] == "judged"
					policy = policy || resource.Name == "k" && strings.Contains(fmt.Sprint(resource.Change.After["policy"]), "\U000F0000")
				}
			}
			if !beside || !policy {
				t.Errorf("the key beside it is evaluated: %v; the policy is unknown: %v", beside, policy)
			}
		})
	}
}

// TestStepsGrowLinearly verifies that twice the input takes at most two and a half times the steps.
func TestStepsGrowLinearly(t *testing.T) {
	for name, source := range map[string]func(n int) string{
		"loop":   func(n int) string { return fmt.Sprintf("locals { a = [for i in range(%d) : { k = i }] }", n) },
		"locals": func(n int) string { return doubled(n, `"x"`, "@") + fmt.Sprintf("locals { a = local.a%d }", n) },
		"strings": func(n int) string {
			return fmt.Sprintf("locals { a = join(\",\", [for i in range(%d) : format(\"%%d\", i)]) }", n)
		},
		"documents": func(n int) string { return fmt.Sprintf("locals { a = jsondecode(jsonencode(range(%d))) }", n) },
	} {
		t.Run(name, func(t *testing.T) {
			steps := func(n int) int {
				limit := budget.New(budget.Default())
				runWithin(limit, memoryFS{"main.tf": source(n) + "\nresource \"aws_kms_key\" \"k\" {\n  policy = jsonencode(local.a)\n}\n"}, Request{Directory: "."})
				return limit.Used().Steps
			}
			if one, two := steps(400), steps(800); two*2 > one*5 {
				t.Errorf("%d steps, then %d", one, two)
			}
		})
	}
}

// TestInstances verifies how many instances are evaluated, and that the rest is unseen.
func TestInstances(t *testing.T) {
	module := func(name, count string) string {
		return "module \"" + name + "\" {\n  source = \"./" + name + "\"\n  count = " + count + "\n}\n"
	}
	key := func(count string) string { return "resource \"aws_kms_key\" \"k\" {\n  count = " + count + "\n}\n" }
	dag := memoryFS{"main.tf": "module \"a\" {\n  source = \"./m0\"\n}\n"}
	for i := range 30 {
		dag[fmt.Sprintf("m%d/main.tf", i)] = fmt.Sprintf("module \"a\" {\n  source = \"../m%d\"\n}\nmodule \"b\" {\n  source = \"../m%d\"\n}\n", i+1, i+1) + key("1")
	}
	dag["m30/main.tf"] = key("1")
	for name, c := range map[string]struct {
		files     memoryFS
		most      int
		unseen    string
		evaluated int
	}{
		"few":         {memoryFS{"main.tf": key("500")}, 500, "", 500},
		"billion":     {memoryFS{"main.tf": key("1000000000")}, 1000, "Keywarden checked only the first 1000 instances of aws_kms_key.k.", 1000},
		"huge number": {memoryFS{"main.tf": key("1e300")}, 1000, "Keywarden checked only the first 1000 instances of aws_kms_key.k.", 1000},
		"set": {memoryFS{"main.tf": "resource \"aws_kms_key\" \"k\" {\n  for_each = toset([for p in setproduct(range(99), range(99)) : \"${p[0]}-${p[1]}\"])\n}\n"},
			1000, "Keywarden checked only the first 1000 instances of aws_kms_key.k.", 1000},
		"modules":         {memoryFS{"main.tf": module("a", "1000"), "a/main.tf": module("b", "1000"), "a/b/main.tf": key("1000")}, 10_000, "the root module has more than 10000 instances", 1},
		"doubled modules": {dag, 10_000, "the root module has more than 10000 instances", 1},
	} {
		t.Run(name, func(t *testing.T) {
			limit := budget.New(budget.Default())
			response := runWithin(limit, c.files, Request{Directory: "."})
			count := 0
			for _, component := range response.Components {
				count += len(component[0].Plan.Resources)
			}
			if limit.Used().Instances > c.most || count < c.evaluated {
				t.Errorf("%d instances, %d resources", limit.Used().Instances, count)
			}
			if len(response.Problems) != len(response.Unseen) {
				t.Errorf("%.500v", response.Problems)
			}
			texts := fmt.Sprint(response.Unseen)
			if len(response.Unseen) > 100 || (c.unseen == "") != (len(response.Unseen) == 0) || !strings.Contains(texts, c.unseen) {
				t.Errorf("%.500s", texts)
			}
		})
	}
}

// TestTruncation verifies that instances beyond a limit are a problem only if Keywarden checks the block. A rule can fail
// for an instance that was not evaluated.
func TestTruncation(t *testing.T) {
	many := func(kind string) string { return "resource \"" + kind + "\" \"many\" {\n  count = 5000\n}\n" }
	call := func(source string) string {
		return "module \"m\" {\n  source = \"" + source + "\"\n  count = 1500\n}\n"
	}
	used := "resource \"aws_kms_key\" \"k\" {\n  description = aws_route53_record.many[0].name\n}\n"
	keys := memoryFS{"a/main.tf": "module \"b\" {\n  source = \"../b\"\n}\n", "b/main.tf": many("aws_kms_key")}
	const truncatedKeys = "aws_kms_key.many has more than 1000 instances. Keywarden did not evaluate the others."
	const truncatedCall = "module.m has more than 1000 instances. Keywarden did not evaluate the others."
	for name, c := range map[string]struct {
		root    string
		problem string
	}{
		"keys":           {many("aws_kms_key"), truncatedKeys},
		"for_each":       {"resource \"aws_kms_key\" \"many\" {\n  for_each = toset([for i in range(1001) : \"k${i}\"])\n}\n", truncatedKeys},
		"other type":     {many("aws_route53_record") + used, ""},
		"data source":    {"data \"aws_kms_key\" \"many\" {\n  count = 1500\n}\n", ""},
		"module of keys": {call("./a"), truncatedCall},
		"other module":   {call("./empty"), ""},
		"unavailable":    {call("example/kms/aws"), ""},
		"budget of root": {"module \"first\" {\n  source = \"./full\"\n  count = 10\n}\n" + many("aws_kms_key"),
			"The root module has more than 10000 instances. Keywarden did not evaluate all instances of module.first[8].aws_kms_key.many."},
	} {
		t.Run(name, func(t *testing.T) {
			files := memoryFS{"main.tf": c.root, "empty/main.tf": many("aws_route53_record"),
				"full/main.tf": "resource \"aws_kms_key\" \"many\" {\n  count = 1000\n}\n"}
			maps.Copy(files, keys)
			response := Run(files, Request{Directory: ".", Types: []string{"aws_kms_key"}})
			if c.problem == "" && len(response.Problems) > 0 {
				t.Errorf("%+v", response.Problems)
			}
			if c.problem != "" && !slices.ContainsFunc(response.Problems, func(p Problem) bool {
				return p.Message == c.problem && p.File != "" && p.Line > 0 && p.Remedy == "Check the plan instead of the source."
			}) {
				t.Errorf("%+v", response.Problems)
			}
			if len(response.Unseen) == 0 {
				t.Error("nothing is unseen")
			}
		})
	}
}

// TestUnevaluatedInstances verifies that a value which combines all instances of a block is open if only the first
// instances were evaluated, so that no verdict depends on a list that was cut.
func TestUnevaluatedInstances(t *testing.T) {
	response := Run(memoryFS{"main.tf": "resource \"aws_iam_role\" \"r\" {\n  count = 2000\n  name = \"r${count.index}\"\n}\n" +
		"resource \"aws_kms_key\" \"k\" {\n  policy = jsonencode(aws_iam_role.r[*].name)\n  description = aws_iam_role.r[1500].name\n" +
		"  tags = { length = length(aws_iam_role.r) }\n}\n"}, Request{Directory: ".", Types: []string{"aws_kms_key"}})
	after := response.Components[0][0].Plan.Resources[0].Change.After
	for _, name := range []string{"policy", "description", "tags"} {
		if text := fmt.Sprint(after[name]); !strings.Contains(text, "\U000F0000") {
			t.Errorf("%s is known: %.100s", name, text)
		}
	}
	if len(response.Unseen) != 1 || response.Unseen[0].Resource != "aws_iam_role.r" {
		t.Errorf("%+v", response.Unseen)
	}
}

// TestExhaustedBudget verifies that a root module which uses up its budget has one problem for that, and that each other
// resource is unknown or unseen.
func TestExhaustedBudget(t *testing.T) {
	source := ""
	for i := range 40 {
		source += fmt.Sprintf("resource \"aws_kms_key\" \"k%d\" {\n  policy = jsonencode([for a in range(1000) : [for b in range(15) : a * b]])\n}\n", i)
	}
	limit := budget.New(budget.Default())
	response := runWithin(limit, memoryFS{"main.tf": source + besideKey}, Request{Directory: "."})
	if len(response.Problems) != 1 || !strings.HasPrefix(response.Problems[0].Message, "The evaluation of this root module takes more than 8,000,000 steps") {
		t.Errorf("%+v", response.Problems)
	}
	count := 0
	for _, component := range response.Components {
		for _, resource := range component[0].Plan.Resources {
			count++
			if resource.Name == "beside" && !strings.Contains(fmt.Sprint(resource.Change.After["description"]), "\U000F0000") {
				t.Errorf("%+v", resource)
			}
		}
	}
	if count+len(response.Unseen) != 41 {
		t.Errorf("%d resources, %d unseen", count, len(response.Unseen))
	}
}

// TestModuleCycle verifies that the message names each call of the cycle.
func TestModuleCycle(t *testing.T) {
	response := Run(memoryFS{"a/main.tf": "module \"b\" {\n  source = \"../b\"\n}\n" + besideKey, "b/main.tf": "module \"a\" {\n  source = \"../a\"\n}\n"},
		Request{Directory: "a"})
	want := Problem{"b/main.tf", 1, 1, "Modules call each other in a cycle: a calls module.b (b), which calls module.a (a). Keywarden did not evaluate the last call.",
		"Remove one of the calls; Terraform rejects the cycle."}
	if len(response.Problems) != 1 || response.Problems[0] != want {
		t.Errorf("%+v", response.Problems)
	}
}
