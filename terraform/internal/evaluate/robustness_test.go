package evaluate

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/keywarden/keywarden/terraform/internal/budget"
	"golang.org/x/tools/txtar"
)

// TestAnyBytes verifies that any input ends in a result or a problem. It cuts, repeats and recombines pieces of
// modules.
func TestAnyBytes(t *testing.T) {
	pieces := []string{"{", "}", "[", "]", "(", ")", "${", "%{", "}", "\"", "<<EOT\n", "\nEOT\n", "for ", " in ", " : ", " => ", "...",
		"? ", "[*]", "local.a", "var.a", "module.m", "each.value", "\xff", "\x00", "\U000F0000", "1\U000F0001", "null", "-", "!"}
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(text).Files {
			if strings.HasSuffix(f.Name, ".tf") || strings.HasSuffix(f.Name, ".tf.json") {
				pieces = append(pieces, string(f.Data))
				pieces = append(pieces, strings.SplitAfter(string(f.Data), "\n")...)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		var text strings.Builder
		for range 1 + random.IntN(8) {
			piece := pieces[random.IntN(len(pieces))]
			from := random.IntN(len(piece) + 1)
			if random.IntN(2) == 0 {
				from = 0
			}
			text.WriteString(piece[from:])
		}
		name := []string{"main.tf", "main.tf.json", "terraform.tfvars"}[random.IntN(3)]
		Run(memoryFS{name: text.String(), "other.tf": "variable \"a\" {}\nresource \"aws_kms_key\" \"k\" { description = var.a }\n"},
			Request{Directory: "."})
	}
}

// TestLimits verifies that a value that grows with each step ends as a problem.
func TestLimits(t *testing.T) {
	doubled := "locals {\n  a0 = \"0123456789\"\n"
	for i := 1; i < 60; i++ {
		doubled += "  a" + strconv.Itoa(i) + " = \"${local.a" + strconv.Itoa(i-1) + "}${local.a" + strconv.Itoa(i-1) + "}\"\n"
	}
	tuples := "locals {\n  a0 = [\"x\"]\n"
	for i := 1; i < 60; i++ {
		tuples += "  a" + strconv.Itoa(i) + " = [local.a" + strconv.Itoa(i-1) + ", local.a" + strconv.Itoa(i-1) + "]\n"
	}
	for name, text := range map[string]string{
		"doubled tuples":   tuples + "}\nresource \"aws_kms_key\" \"k\" { tags = local.a59 }\n",
		"doubled strings":  doubled + "}\nresource \"aws_kms_key\" \"k\" { description = local.a59 }\n",
		"nested loops":     `locals { r = range(1000) }` + "\n" + `resource "aws_kms_key" "k" { description = join("", [for a in local.r : join("", [for b in local.r : join("", [for c in local.r : "x"])])]) }`,
		"products":         `locals { r = [for i in range(1000) : "i${i}"] }` + "\n" + `resource "aws_kms_key" "k" { description = join("", [for x in setproduct(local.r, local.r, local.r) : x[0]]) }`,
		"nested brackets":  "locals { a = " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + " }\n",
		"nested operators": "locals { a = " + strings.Repeat("!", 100_000) + "true }\n",
		"conditionals":     "locals { a = " + strings.Repeat("true ? 1 : ", 100_000) + "1 }\n",
		"instances":        `resource "aws_kms_key" "k" { count = 100000000 }`,
	} {
		t.Run(name, func(t *testing.T) {
			response := Run(memoryFS{"main.tf": text}, Request{Directory: "."})
			for _, problem := range response.Problems {
				if problem.Message == "" || problem.Remedy == "" {
					t.Errorf("a problem without a message or remedy: %+v", problem)
				}
			}
			for _, component := range response.Components {
				for _, outcome := range component {
					if len(outcome.Plan.Resources) > budget.Default().BlockInstances {
						t.Errorf("%d resources", len(outcome.Plan.Resources))
					}
				}
			}
		})
	}
}

func never() bool { return false }

// TestExplore verifies that explore tries all combinations of a few choices, and each outcome of many choices at
// least once.
func TestExplore(t *testing.T) {
	all := explore(func(c *chooser) int {
		return 2*c.choose(Atom{ID: "a"}) + c.choose(Atom{ID: "b", Values: []string{"x", "y"}})
	}, never)
	if len(all) != 4 || all[0]+all[1]+all[2]+all[3] != 6 {
		t.Errorf("got %v", all)
	}
	seen := map[string]bool{}
	many := explore(func(c *chooser) int {
		for i := range 20 {
			seen[strconv.Itoa(i)+"="+strconv.Itoa(c.choose(Atom{ID: strconv.Itoa(i)}))] = true
		}
		return 0
	}, never)
	if len(many) > maxCover || len(seen) != 40 {
		t.Errorf("%d outcomes, %d of 40 choices", len(many), len(seen))
	}
}

// TestPanicsAffectOnlyTheirValue verifies that an unexpected panic only affects the value that caused it, and is
// reported.
func TestPanicsAffectOnlyTheirValue(t *testing.T) {
	module := &moduleInstance{definition: &definition{directory: "m"}}
	r := &run{memo: map[memoKey]*memoEntry{}, deps: newDependencies(), budget: budget.New(budget.Default())}
	inner := func() string { panic("unexpected") }
	outer := func() string {
		return memoize(r, module, "local.inner", inner, func() string { return "broken" }) + ", and the rest"
	}
	if got := memoize(r, module, "local.outer", outer, func() string { return "" }); got != "broken, and the rest" {
		t.Error(got)
	}
	if len(r.stack) != 0 || len(r.warnings) != 1 || !strings.Contains(r.warnings[0].Message, "internal error at local.inner.") {
		t.Errorf("%v %+v", r.stack, r.warnings)
	}
}
