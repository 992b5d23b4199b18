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

// Where one of several values is taken by something that is not known, each of them is tried.

// texts are what the choices of a run say about a value that is nothing but a hole: the text that it is, or texts that
// it is not. What is nil is not written to: the first run looks for what each resource hangs on, and must not leave out a
// choice of one since another has taken it.
type texts struct {
	is    map[string]string
	isNot map[string]map[string]bool
}

func newTexts() texts { return texts{map[string]string{}, map[string]map[string]bool{}} }

func (t texts) equal(id, text string) {
	if t.is != nil {
		t.is[id] = text
	}
}

func (t texts) differ(id string, names ...string) {
	if t.isNot == nil {
		return
	}
	if t.isNot[id] == nil {
		t.isNot[id] = map[string]bool{}
	}
	for _, name := range names {
		t.isNot[id][name] = true
	}
}

// null stands for null among texts.
const null = "\x00null"

// wholeHole is the text of a value that is nothing but a hole.
func wholeHole(v cty.Value) (string, bool) {
	bare, _ := v.Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() || !hole.IsWhole(bare.AsString()) {
		return "", false
	}
	return bare.AsString(), true
}

// chooseEqual chooses whether a value that is nothing but a hole is a given text. It is one text at most.
func (r *run) chooseEqual(left, right cty.Value) (holds, ok bool) {
	if !hole.In(left) {
		left, right = right, left
	}
	right, _ = right.UnmarkDeep()
	id, whole := wholeHole(left)
	if hole.In(right) || !whole {
		return false, false
	}
	h, found := r.holes.Of(left)
	if !found {
		return false, false
	}
	text, shown := null, "null"
	if !right.IsNull() {
		if right, err := convert.Convert(right, cty.String); err == nil {
			text = right.AsString()
		}
		shown = `"` + text + `"`
	}
	if taken, ok := r.texts.is[id]; ok {
		return taken == text, true
	}
	if r.texts.isNot[id][text] {
		return false, true
	}
	holds = r.choose(Atom{ID: id + " = " + text, Subject: h.Expression + " is " + shown}) == 0
	if holds {
		r.texts.equal(id, text)
	} else {
		r.texts.differ(id, text)
	}
	return holds, true
}

// anyElement is the element of a key that is not known: each one is tried, and where it may be missing, none. It is not
// ok where there is none.
func (s *scope) anyElement(collection, key cty.Value, at hcl.Range, text string, missing bool) (value cty.Value, ok bool) {
	r := s.run
	bare, marks := collection.Unmark()
	h := r.holeOf(key, text)
	unknown := r.holes.Value(hole.Hole{Reason: h.Reason, Expression: text}, cty.DynamicPseudoType)
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() || r.blocked {
		return unknown, true
	}
	id, whole := wholeHole(key)
	taken, isTaken := r.texts.is[id]
	var names []string
	var values []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		k, v := it.Element()
		name := keyText(k)
		if whole && (r.texts.isNot[id][name] || isTaken && taken != name && !hole.InText(name)) {
			continue
		}
		names = append(names, name)
		values = append(values, v)
	}
	missing = missing && !(len(names) == 1 && isTaken && taken == names[0])
	switch {
	case len(values) == 0 && missing:
		return cty.NilVal, false
	case len(values) == 0 || len(values) > maxOutcomes:
		return unknown, true
	case len(values) == 1 && !missing:
		return values[0].WithMarks(marks), true
	}
	atom := Atom{ID: r.idOf(key, r.text(at), s) + " in " + strings.Join(names, "\x00"), Subject: h.Expression, Values: names, Other: missing}
	choice := r.choose(atom)
	if choice == len(names) {
		r.texts.differ(id, names...)
		return cty.NilVal, false
	}
	if whole && !hole.InText(names[choice]) {
		r.texts.equal(id, names[choice])
	}
	return values[choice].WithMarks(marks), true
}

// selected is the result of a function that takes one of its arguments, or a part of one.
func (s *scope) selected(call *hclsyntax.FunctionCallExpr) (cty.Value, bool) {
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
		s.skip(call, args, func(arg cty.Value, _ string) bool {
			h, found := s.run.holes.Of(arg)
			if _, whole := wholeHole(arg); !whole || !found || h.Leaf != nil {
				return false
			}
			holds, _ := s.run.chooseEqual(arg, cty.NullVal(cty.String))
			return holds
		})
	case "coalescelist":
		s.skip(call, args, func(arg cty.Value, text string) bool {
			bare, _ := arg.Unmark()
			return !bare.IsKnown() && !s.mayHave(arg, text)
		})
	}
	return cty.NilVal, false
}

// lookup is the element of a key that is not known.
func (s *scope) lookup(call *hclsyntax.FunctionCallExpr, args []cty.Value) (cty.Value, bool) {
	if len(args) < 2 || len(args) > 3 || !hole.In(args[1]) || hole.IsOpen(args[0]) {
		return cty.NilVal, false
	}
	bare, _ := args[0].Unmark()
	if ty := bare.Type(); !bare.IsKnown() || bare.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		return cty.NilVal, false
	}
	value, ok := s.anyElement(args[0], args[1], call.Args[1].Range(), s.run.text(call.Range()), len(args) == 3)
	if !ok {
		value = args[2]
	}
	return value, true
}

// skip takes the first arguments away that are chosen to be nothing.
func (s *scope) skip(call *hclsyntax.FunctionCallExpr, args []cty.Value, nothing func(arg cty.Value, text string) bool) {
	for i, arg := range args[:max(0, len(args)-1)] {
		if bare, _ := arg.Unmark(); bare.IsKnown() && bare.IsNull() {
			continue
		}
		if !nothing(arg, s.run.text(call.Args[i].Range())) {
			return
		}
		bare, _ := arg.Unmark()
		call.Args[i] = &hclsyntax.LiteralValueExpr{Val: cty.NullVal(bare.Type()), SrcRange: call.Args[i].Range()}
	}
}

// attempt is an expression that something else takes the place of where it fails.
type attempt struct{ hclsyntax.Expression }

// UnwrapExpression is for hcl.AbsTraversalForExpr.
func (e *attempt) UnwrapExpression() hcl.Expression { return e.Expression }

func (e *attempt) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.Expression.Value(ctx)
	}
	before := s.run.trying
	s.run.trying = true
	defer func() { s.run.trying = before }()
	return e.Expression.Value(ctx)
}

// attempts are the arguments of try and can; nothing takes the place of the last one of try.
func attempts(args []hclsyntax.Expression, all bool) []hclsyntax.Expression {
	out := slices.Clone(args)
	for i := range out {
		if all || i < len(out)-1 {
			out[i] = &attempt{out[i]}
		}
	}
	return out
}
