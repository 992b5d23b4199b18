package function

import (
	"os"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// partialWorld returns a world with unknown variables.
func partialWorld() *world {
	w := newWorld()
	variable := func(name string, ty cty.Type) {
		w.variables[name] = w.holes.Value(hole.Hole{Reason: "variable without default", Expression: name}, ty)
	}
	variable("text", cty.String)
	variable("other", cty.String)
	variable("number", cty.Number)
	variable("flag", cty.Bool)
	variable("list", cty.List(cty.String))
	variable("set", cty.Set(cty.String))
	variable("map", cty.Map(cty.String))
	variable("object", cty.Object(map[string]cty.Type{"a": cty.String, "b": cty.Number}))
	variable("any", cty.DynamicPseudoType)
	leaf := func(name string, l hole.Leaf) {
		w.variables[name] = w.holes.Value(hole.Hole{Reason: afterApply, Expression: name, Leaf: &l}, cty.String)
	}
	leaf("account", hole.Leaf{Data: true, Type: "aws_caller_identity", Name: "x", Attribute: "account_id"})
	leaf("arn", hole.Leaf{Type: "aws_iam_role", Name: "x", Attribute: "arn"})
	return w
}

// show renders a value with its holes: ${…} inside strings, <…> for other values, and ~ before an open collection.
func (w *world) show(v cty.Value) string {
	l := &library{holes: w.holes}
	bare, _ := v.Unmark()
	switch {
	case !bare.IsKnown():
		return "<" + l.write(v) + " " + bare.Type().FriendlyName() + ">"
	case hole.IsOpen(v):
		return "~" + w.show(bare)
	case bare.IsNull() || !bare.CanIterateElements():
		if bare.Type() == cty.String && !bare.IsNull() && hole.IsWhole(bare.AsString()) {
			return "${" + l.write(v) + "}"
		}
		return l.write(v)
	}
	keyed := isKeyed(bare.Type())
	var items []string
	for it := bare.ElementIterator(); it.Next(); {
		key, element := it.Element()
		text := w.show(element)
		if keyed {
			text = w.show(key) + ": " + text
		}
		items = append(items, text)
	}
	if keyed {
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// In testdata/holes, each expression is followed by its expected value, as show renders it.
func TestHoles(t *testing.T) {
	const file = "testdata/holes"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	lines := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		out = append(out, line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		want := ""
		if i+1 < len(lines) && lines[i+1] != "" && strings.Contains("=!", lines[i+1][:1]) {
			i++
			want = lines[i]
		}
		w := partialWorld()
		v, problem := w.evaluate(line)
		got := "! " + problem
		if problem == "" {
			got = "= " + w.show(v)
		}
		out = append(out, got)
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
