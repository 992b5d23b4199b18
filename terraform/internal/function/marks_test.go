package function

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// markRanges evaluates an expression and marks each object and list with its source range, like the evaluator.
func markRanges(t *testing.T, w *world, text string) cty.Value {
	t.Helper()
	v, problem := w.evaluate(text)
	if problem != "" {
		t.Fatal(problem)
	}
	expression, _ := hclsyntax.ParseExpression([]byte(text), "main.tf", hcl.InitialPos)
	var mark func(v cty.Value, e hcl.Expression) cty.Value
	mark = func(v cty.Value, e hcl.Expression) cty.Value {
		at := hole.RangeMark{Range: hole.Range{File: "main.tf", Start: e.Range().Start.Byte, End: e.Range().End.Byte}}
		switch e := e.(type) {
		case *hclsyntax.ObjectConsExpr:
			out := v.AsValueMap()
			for _, item := range e.Items {
				key, _ := item.KeyExpr.Value(nil)
				out[key.AsString()] = mark(out[key.AsString()], item.ValueExpr)
			}
			return cty.ObjectVal(out).Mark(at)
		case *hclsyntax.TupleConsExpr:
			var out []cty.Value
			for i, element := range v.AsValueSlice() {
				out = append(out, mark(element, e.Exprs[i]))
			}
			return cty.TupleVal(out).Mark(at)
		}
		return v
	}
	return mark(v, expression)
}

func rangesOf(source hole.Source, text string) string {
	var out []string
	for pointer, at := range source.Ranges {
		out = append(out, fmt.Sprintf("%s %s", pointer, text[at.Start:at.End]))
	}
	sort.Strings(out)
	return strings.Join(out, "\n")
}

func TestFunctionsPreservePositions(t *testing.T) {
	for _, test := range []struct{ name, source, call, want string }{
		{"jsonencode", `{Statement = [{Sid = "a"}, {Sid = "b/c"}]}`, `jsonencode(x)`, ` {Statement = [{Sid = "a"}, {Sid = "b/c"}]}
/Statement [{Sid = "a"}, {Sid = "b/c"}]
/Statement/0 {Sid = "a"}
/Statement/1 {Sid = "b/c"}`},
		{"a key is escaped", `{"a/b" = {}}`, `jsonencode(x["a/b"])`, ` {}`},
		{"concat", `[{a = 1}]`, `jsonencode({s = concat(x, [{b = 2}])})`, "/s [{a = 1}]\n/s/0 {a = 1}"},
		{"merge", `{a = {b = 1}}`, `jsonencode(merge(x, {c = 1}))`, " {a = {b = 1}}\n/a {b = 1}"},
		{"flatten", `[[{a = 1}], {b = 1}]`, `jsonencode(flatten(x))`, " [{a = 1}]\n/0 {a = 1}\n/1 {b = 1}"},
		{"distinct", `[{a = 1}, {a = 1}]`, `jsonencode(distinct(x))`, " [{a = 1}, {a = 1}]\n/0 {a = 1}"},
		{"tolist", `[{a = 1}]`, `jsonencode(tolist(x)[0])`, ` {a = 1}`},
		{"values", `{a = {b = 1}}`, `jsonencode(values(x)[0])`, ` {b = 1}`},
		{"one", `[{a = 1}]`, `jsonencode(one(x))`, ` {a = 1}`},
		{"element", `[{a = 1}]`, `jsonencode(element(x, 0))`, ` {a = 1}`},
		{"lookup", `{a = {b = 1}}`, `jsonencode(lookup(x, "a", {}))`, ` {b = 1}`},
		{"coalescelist", `[{a = 1}]`, `jsonencode(coalescelist([], x)[0])`, ` {a = 1}`},
		{"reverse", `[{a = 1}, {b = 1}]`, `jsonencode(reverse(x)[0])`, ` {b = 1}`},
		{"try", `{a = {b = 1}}`, `jsonencode(try(x.z, x.a))`, ` {b = 1}`},
		{"decoded again", `{a = {b = 1}}`, `jsonencode(jsondecode(jsonencode(x)).a)`, ` {b = 1}`},
		{"unchanged string", `{a = {}}`, `trimspace(jsonencode(x))`, " {a = {}}\n/a {}"},
		{"changed lines", `{a = {}}`, `replace(jsonencode(x), "a", "b\n")`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld()
			w.variables["x"] = markRanges(t, w, test.source)
			v, problem := w.evaluate(test.call)
			if problem != "" {
				t.Fatal(problem)
			}
			source := w.sources.SourceOf(v)
			if source == nil {
				source = &hole.Source{}
			}
			if got := rangesOf(*source, test.source); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestFilesHavePositions(t *testing.T) {
	w := newWorld()
	for _, call := range []string{`file("./dir/a.json")`, `chomp(file("dir/a.json"))`} {
		v, problem := w.evaluate(call)
		source := w.sources.SourceOf(v)
		if problem != "" || source == nil {
			t.Fatalf("%s: %s %v", call, problem, source)
		}
		text, _ := v.Unmark()
		at, ok := w.sources.Locator(source, text.AsString()).Range(0, 7)
		if want := (hole.Range{File: "root/dir/a.json", Start: 0, End: 7}); !ok || at != want {
			t.Errorf("%s: %v", call, at)
		}
	}
	v, _ := w.evaluate(`jsondecode(file("dir/a.json"))`)
	if at, ok := hole.RangeOf(v); !ok || at != (hole.Range{File: "root/dir/a.json", Start: 0, End: 7}) {
		t.Error(at, ok)
	}
}

func TestResultSizeLimits(t *testing.T) {
	w := newWorld()
	w.variables["long"] = cty.StringVal(strings.Repeat("a\n", 1<<20))
	var many []cty.Value
	for range 2000 {
		many = append(many, cty.StringVal("x"))
	}
	w.variables["many"] = cty.TupleVal(many)
	laughs := `a: &a ["x","x","x","x","x","x","x","x","x"]` + "\n"
	for c := 'b'; c <= 'i'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
	}
	w.variables["laughs"] = cty.StringVal(laughs)
	w.variables["blockLaughs"] = cty.StringVal(strings.NewReplacer("[", "\n- ", ",", "\n- ", "]", "").Replace(laughs))
	w.variables["deep"] = cty.StringVal(strings.Repeat("[", 1<<20))
	w.variables["blocks"] = cty.StringVal(strings.Repeat("- ", 1<<20))
	var bomb strings.Builder
	for range 11 {
		bomb.WriteString(strings.Repeat("\x00", 1<<20))
	}
	compressed, err := compress(bomb.String())
	if err != nil {
		t.Fatal(err)
	}
	w.variables["bomb"] = cty.StringVal(compressed)
	for call, want := range map[string]string{
		`setproduct(many, many)`:                              "more than 50,000 parts",
		`format("%99999999d", 1)`:                             "longer than 10,485,760 bytes",
		`format("%9999999s%9999999s", "a", "b")`:              "longer than",
		`formatlist("%9999999s", many)`:                       "longer than",
		`join(long, many)`:                                    "longer than",
		`replace(long, "a", long)`:                            "longer than",
		`replace(long, "/a/", long)`:                          "longer than",
		`replace(long, "/.*/", "$0$0$0$0$0$0$0$0$0")`:         "longer than",
		`indent(1000, long)`:                                  "longer than",
		`base64gunzip(bomb)`:                                  "longer than",
		`jsondecode(deep)`:                                    "more than 1000 levels deep",
		`templatestring("$${${replace(deep, "[", "(")}", {})`: "more than 1000 levels deep",
		`yamldecode(deep)`:                                    "more than 1000 levels deep",
		`yamldecode(blocks)`:                                  "more than 1000 levels deep",
		`yamldecode(laughs)`:                                  "more than 50,000 parts",
		`yamldecode(blockLaughs)`:                             "more than 50,000 parts",
		`range(1e9)`:                                          "more than 1024 values",
	} {
		_, problem := w.evaluate(call)
		if excess := w.budget.Recover(nil); excess != nil {
			problem = excess.Reason
		}
		if !strings.Contains(problem, want) {
			t.Errorf("%s: %.200s", call, problem)
		}
	}
}
