package evaluate

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// If an unknown value selects one of several values, Keywarden tries each of them.

// stringFacts records what the choices of a run imply about values that consist of one placeholder: the string that a
// value equals, or the strings that it does not equal. The zero value records nothing. The first run uses it to find
// the dependencies of each resource, so no choice of one resource must hide a choice of another.
type stringFacts struct {
	equalTo    map[string]string
	notEqualTo map[string]map[string]bool
}

func newStringFacts() stringFacts {
	return stringFacts{map[string]string{}, map[string]map[string]bool{}}
}

func (t stringFacts) setEqual(id, text string) {
	if t.equalTo != nil {
		t.equalTo[id] = text
	}
}

func (t stringFacts) setDifferent(id string, names ...string) {
	if t.notEqualTo == nil {
		return
	}
	if t.notEqualTo[id] == nil {
		t.notEqualTo[id] = map[string]bool{}
	}
	for _, name := range names {
		t.notEqualTo[id][name] = true
	}
}

// nullString represents null in stringFacts.
const nullString = "\x00null"

// wholePlaceholder returns the string of a value that consists of one placeholder.
func wholePlaceholder(v cty.Value) (string, bool) {
	bare, _ := v.Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() || !hole.IsWhole(bare.AsString()) {
		return "", false
	}
	return bare.AsString(), true
}

// chooseEqual chooses whether a value that consists of one placeholder equals a given value. It equals at most one.
func (r *run) chooseEqual(left, right cty.Value) (holds, ok bool) {
	if !hole.In(left) {
		left, right = right, left
	}
	right, _ = right.UnmarkDeep()
	id, whole := wholePlaceholder(left)
	if hole.In(right) || !whole {
		return false, false
	}
	h, found := r.holes.HoleOf(left)
	if !found {
		return false, false
	}
	text, shown := nullString, "null"
	if !right.IsNull() {
		if right, err := convert.Convert(right, cty.String); err == nil {
			text = right.AsString()
		}
		shown = `"` + text + `"`
	}
	if chosen, ok := r.facts.equalTo[id]; ok {
		return chosen == text, true
	}
	if r.facts.notEqualTo[id][text] {
		return false, true
	}
	holds = r.choose(Atom{ID: id + " = " + text, Subject: h.Expression + " is " + shown}) == 0
	if holds {
		r.facts.setEqual(id, text)
	} else {
		r.facts.setDifferent(id, text)
	}
	return holds, true
}

// elementByUnknownKey returns the element for an unknown key by trying each element, and no element if missing is
// true. It returns false if there is no element.
func (s *scope) elementByUnknownKey(collection, key cty.Value, at hcl.Range, text string, missing bool) (value cty.Value, ok bool) {
	r := s.run
	bare, marks := collection.Unmark()
	h := r.holeOf(key, text)
	unknown := r.holes.Value(hole.Hole{Reason: h.Reason, Expression: text}, cty.DynamicPseudoType)
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() || r.choicesDisabled {
		return unknown, true
	}
	id, whole := wholePlaceholder(key)
	chosen, isChosen := r.facts.equalTo[id]
	var names []string
	var values []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		k, v := it.Element()
		name := keyString(k)
		if whole && (r.facts.notEqualTo[id][name] || isChosen && chosen != name && !hole.InString(name)) {
			continue
		}
		names = append(names, name)
		values = append(values, v)
	}
	missing = missing && !(len(names) == 1 && isChosen && chosen == names[0])
	switch {
	case len(values) == 0 && missing:
		return cty.NilVal, false
	case len(values) == 0 || len(values) > maxOutcomes:
		return unknown, true
	case len(values) == 1 && !missing:
		return values[0].WithMarks(marks), true
	}
	atom := Atom{ID: r.choiceID(key, r.snippet(at), s) + " in " + strings.Join(names, "\x00"), Subject: h.Expression, Values: names, Other: missing}
	choice := r.choose(atom)
	if choice == len(names) {
		r.facts.setDifferent(id, names...)
		return cty.NilVal, false
	}
	if whole && !hole.InString(names[choice]) {
		r.facts.setEqual(id, names[choice])
	}
	return values[choice].WithMarks(marks), true
}

// selectByUnknown evaluates functions that return one of their arguments, or part of one.
func (s *scope) selectByUnknown(call *hclsyntax.FunctionCallExpr) (cty.Value, bool) {
	args := make([]cty.Value, len(call.Args))
	for i, arg := range call.Args {
		literal, ok := arg.(*hclsyntax.LiteralValueExpr)
		if !ok {
			return cty.NilVal, false
		}
		args[i] = literal.Val
	}
	if call.ExpandFinal {
		return cty.NilVal, false
	}
	switch strings.TrimPrefix(call.Name, "core::") {
	case "lookup":
		return s.lookup(call, args)
	case "coalesce":
		s.skipEmpty(call, args, cty.NullVal(cty.DynamicPseudoType), func(arg cty.Value, _ string) bool {
			h, found := s.run.holes.HoleOf(arg)
			if _, whole := wholePlaceholder(arg); !whole || !found || h.IsAttribute() {
				return false
			}
			holds, _ := s.run.chooseEqual(arg, cty.NullVal(cty.String))
			return holds
		})
	case "coalescelist":
		s.skipEmpty(call, args, cty.EmptyTupleVal, func(arg cty.Value, text string) bool {
			bare, _ := arg.Unmark()
			return !bare.IsKnown() && !s.chooseNonEmpty(arg, text)
		})
	}
	return cty.NilVal, false
}

// lookup returns the element for an unknown key.
func (s *scope) lookup(call *hclsyntax.FunctionCallExpr, args []cty.Value) (cty.Value, bool) {
	if len(args) < 2 || len(args) > 3 || !hole.In(args[1]) || hole.IsOpen(args[0]) {
		return cty.NilVal, false
	}
	bare, _ := args[0].Unmark()
	if ty := bare.Type(); !bare.IsKnown() || bare.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return cty.NilVal, false
	}
	value, ok := s.elementByUnknownKey(args[0], args[1], call.Args[1].Range(), s.run.snippet(call.Range()), len(args) == 3)
	if !ok {
		value = args[2]
	}
	return value, true
}

// skipEmpty replaces leading arguments by an empty value if the choice is that they are empty.
func (s *scope) skipEmpty(call *hclsyntax.FunctionCallExpr, args []cty.Value, empty cty.Value, isEmpty func(arg cty.Value, text string) bool) {
	for i, arg := range args[:max(0, len(args)-1)] {
		if bare, _ := arg.Unmark(); bare.IsKnown() && bare.IsNull() {
			continue
		}
		if !isEmpty(arg, s.run.snippet(call.Args[i].Range())) {
			return
		}
		call.Args[i] = &hclsyntax.LiteralValueExpr{Val: empty, SrcRange: call.Args[i].Range()}
	}
}

// tryArgument is an expression whose failure has a fallback.
type tryArgument struct{ hclsyntax.Expression }

// UnwrapExpression supports hcl.AbsTraversalForExpr.
func (e *tryArgument) UnwrapExpression() hcl.Expression { return e.Expression }

func (e *tryArgument) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.Expression.Value(ctx)
	}
	before := s.run.hasFallback
	s.run.hasFallback = true
	defer func() { s.run.hasFallback = before }()
	return e.Expression.Value(ctx)
}

// tryArguments wraps the arguments of try or can. The last argument of try has no fallback.
func tryArguments(args []hclsyntax.Expression, all bool) []hclsyntax.Expression {
	out := slices.Clone(args)
	for i := range out {
		if all || i < len(out)-1 {
			out[i] = &tryArgument{out[i]}
		}
	}
	return out
}
