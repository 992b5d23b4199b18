package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// The expressions of this file evaluate as HCL's do, except where a value is not known: there they keep what is.

type (
	reference struct{ *hclsyntax.ScopeTraversalExpr }
	relative  struct {
		*hclsyntax.RelativeTraversalExpr
	}
	functionCall struct{ *hclsyntax.FunctionCallExpr }
	index        struct{ *hclsyntax.IndexExpr }
	splat        struct{ *hclsyntax.SplatExpr }
	tuple        struct{ *hclsyntax.TupleConsExpr }
	object       struct{ *hclsyntax.ObjectConsExpr }
	objectKey    struct{ *hclsyntax.ObjectConsKeyExpr }
	templateText struct{ *hclsyntax.TemplateExpr }
	templateJoin struct{ *hclsyntax.TemplateJoinExpr }
	binary       struct{ *hclsyntax.BinaryOpExpr }
	unary        struct{ *hclsyntax.UnaryOpExpr }
	conditional  struct{ *hclsyntax.ConditionalExpr }
	loop         struct{ *hclsyntax.ForExpr }
)

func (e *reference) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ScopeTraversalExpr.Value(ctx)
	}
	s.run.step()
	root := e.Traversal.RootName()
	for at := ctx; at != nil; at = at.Parent() {
		if value, ok := at.Variables[root]; ok {
			return s.traverse(value, e.Traversal[1:], e.Traversal)
		}
	}
	return s.resolve(e.Traversal)
}

func (e *relative) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if inner, ok := e.Source.(*index); ok && s != nil {
		if traversal := inner.traversal(ctx); traversal != nil {
			s.run.step()
			return s.resolve(append(traversal, e.Traversal...))
		}
	}
	value, diags := e.Source.Value(ctx)
	if s == nil || diags.HasErrors() {
		return value, diags
	}
	s.run.step()
	value, more := s.traverse(value, e.Traversal, nil)
	return value, append(diags, more...)
}

func (e *index) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.IndexExpr.Value(ctx)
	}
	s.run.step()
	if traversal := e.traversal(ctx); traversal != nil {
		return s.resolve(traversal)
	}
	collection, diags := e.Collection.Value(ctx)
	key, more := e.Key.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if hole.In(key) {
		text := s.run.text(e.SrcRange)
		if value, ok := s.anyElement(collection, key, e.Key.Range(), text, s.run.trying); ok {
			return value, diags
		}
		if s.run.trying {
			return cty.DynamicVal, append(diags, errorAt(e.SrcRange, "There is no such element"))
		}
		return s.run.holes.Value(s.run.named(key, text), cty.DynamicPseudoType), diags
	}
	value, more := s.step(collection, key, func() string { return s.run.text(e.SrcRange) }, e.SrcRange)
	return value, append(diags, more...)
}

// traversal is the reference to an instance, `aws_kms_key.team[each.key]`, where its key is known: so that not all
// instances have to be evaluated. It is nil for everything else.
func (e *index) traversal(ctx *hcl.EvalContext) hcl.Traversal {
	ref, ok := e.Collection.(*reference)
	if !ok {
		return nil
	}
	for at := ctx; at != nil; at = at.Parent() {
		if _, ok := at.Variables[ref.Traversal.RootName()]; ok {
			return nil
		}
	}
	key, diags := e.Key.Value(ctx)
	if diags.HasErrors() || hole.In(key) || key.IsNull() {
		return nil
	}
	key, _ = key.Unmark()
	return append(append(hcl.Traversal{}, ref.Traversal...), hcl.TraverseIndex{Key: key, SrcRange: e.SrcRange})
}

func (e *splat) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	source, diags := e.Source.Value(ctx)
	if s == nil || diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	s.run.step()
	if source.IsNull() {
		return cty.EmptyTupleVal, diags
	}
	bare, marks := source.Unmark()
	ty := bare.Type()
	sequence := ty.IsTupleType() || ty.IsListType() || ty.IsSetType()
	var elements []cty.Value
	switch {
	case bare.IsKnown() && sequence:
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			elements = append(elements, element)
		}
	case bare.IsKnown():
		elements = []cty.Value{source}
	default:
		elements = []cty.Value{s.run.elementOf(source, s.run.text(e.Source.Range()))}
	}
	inner := *e.SplatExpr
	inner.Source = &hclsyntax.LiteralValueExpr{Val: cty.TupleVal(elements), SrcRange: e.Source.Range()}
	value, more := inner.Value(ctx)
	return value.WithMarks(marks), append(diags, more...)
}

func (e *tuple) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	value, diags := e.TupleConsExpr.Value(ctx)
	return value.Mark(hole.At{Range: rangeOf(e.SrcRange)}), diags
}

func (e *object) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	value, diags := e.ObjectConsExpr.Value(ctx)
	at := rangeOf(e.SrcRange)
	if s := scopeOf(ctx); s != nil {
		s.run.step()
		s.run.noteItems(at, e.ObjectConsExpr)
	}
	return value.Mark(hole.At{Range: at}), diags
}

func (e *objectKey) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	value, diags := e.ObjectConsKeyExpr.Value(ctx)
	if s := scopeOf(ctx); s != nil && !value.IsKnown() && !diags.HasErrors() {
		return s.run.asText(value, s.run.text(e.Range())), diags
	}
	return value, diags
}

// UnwrapExpression is for hcl.ExprAsKeyword and the like.
func (e *objectKey) UnwrapExpression() hcl.Expression { return e.Wrapped }

func (e *templateText) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.TemplateExpr.Value(ctx)
	}
	s.run.step()
	inner := &hclsyntax.TemplateExpr{SrcRange: e.SrcRange}
	var diags hcl.Diagnostics
	size := 0
	made := pieces{run: s.run}
	for _, part := range e.Parts {
		if literal, ok := part.(*hclsyntax.LiteralValueExpr); ok {
			inner.Parts = append(inner.Parts, literal)
			made.add(literal.Val, literal.SrcRange, true)
			continue
		}
		value, more := part.Value(ctx)
		if more.HasErrors() {
			value, more = s.run.failed(part.Range(), more), nil
		}
		diags = append(diags, more...)
		value = s.run.textAt(value, part.Range())
		if bare, _ := value.Unmark(); bare.Type() == cty.String && !bare.IsNull() {
			size += len(bare.AsString())
		}
		inner.Parts = append(inner.Parts, &hclsyntax.LiteralValueExpr{Val: value, SrcRange: part.Range()})
		made.add(value, part.Range(), false)
	}
	s.run.spend(size)
	value, more := inner.Value(ctx)
	return made.marked(value), append(diags, more...)
}

func (e *templateJoin) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	value, diags := e.Tuple.Value(ctx)
	if s == nil || diags.HasErrors() {
		return cty.UnknownVal(cty.String), diags
	}
	s.run.step()
	bare, marks := value.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return s.run.textAt(value, e.Tuple.Range()), diags
	}
	var out strings.Builder
	made := pieces{run: s.run}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		element = s.run.textAt(element, e.Tuple.Range())
		made.add(element, e.Tuple.Range(), false)
		inner, more := element.Unmark()
		for m := range more {
			marks[m] = struct{}{}
		}
		if inner, err := convert.Convert(inner, cty.String); err == nil && !inner.IsNull() {
			out.WriteString(inner.AsString())
		}
	}
	s.run.spend(out.Len())
	return made.marked(cty.StringVal(out.String()).WithMarks(marks)), diags
}

func (e *unary) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	value, diags := e.Val.Value(ctx)
	if s == nil || diags.HasErrors() || !hole.In(value) {
		return e.UnaryOpExpr.Value(ctx)
	}
	return s.run.holes.Value(s.run.named(value, s.run.text(e.SrcRange)), e.Op.Type), diags
}

func (e *binary) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.BinaryOpExpr.Value(ctx)
	}
	s.run.step()
	left, diags := e.LHS.Value(ctx)
	if !diags.HasErrors() && (e.Op == hclsyntax.OpLogicalAnd || e.Op == hclsyntax.OpLogicalOr) {
		// As Terraform since 1.12: the right side may fail where the left one decides.
		if known, ok := boolOf(left); ok && known == (e.Op == hclsyntax.OpLogicalOr) {
			return cty.BoolVal(known), diags
		}
	}
	right, more := e.RHS.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(e.Op.Type), diags
	}
	if !hole.In(left) && !hole.In(right) {
		inner := &hclsyntax.BinaryOpExpr{Op: e.Op, SrcRange: e.SrcRange,
			LHS: &hclsyntax.LiteralValueExpr{Val: left, SrcRange: e.LHS.Range()},
			RHS: &hclsyntax.LiteralValueExpr{Val: right, SrcRange: e.RHS.Range()}}
		value, more := inner.Value(ctx)
		return value, append(diags, more...)
	}
	text := s.run.text(e.SrcRange)
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if same, known := s.run.same(left, right); known {
			return cty.BoolVal(same == (e.Op == hclsyntax.OpEqual)), diags
		}
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		for _, side := range []cty.Value{left, right} {
			if known, ok := boolOf(side); ok && known == (e.Op == hclsyntax.OpLogicalOr) {
				return cty.BoolVal(known), diags
			}
		}
	}
	unknown := left
	if !hole.In(left) {
		unknown = right
	}
	return s.run.holes.Value(s.run.named(unknown, text), e.Op.Type), diags
}

func boolOf(v cty.Value) (value, known bool) {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return false, false
	}
	if bare, err := convert.Convert(bare, cty.Bool); err == nil && bare.IsKnown() {
		return bare.True(), true
	}
	return false, false
}

// same compares values of which at least one has a hole.
func (r *run) same(left, right cty.Value) (same, known bool) {
	left, _ = left.UnmarkDeep()
	right, _ = right.UnmarkDeep()
	if left.Type() == cty.String && right.Type() == cty.String && left.IsKnown() && right.IsKnown() {
		if left.IsNull() || right.IsNull() {
			// A text with something around its hole is no null, and neither is what a resource will have.
			text := left
			if left.IsNull() {
				text = right
			}
			whole := hole.IsWhole(text.AsString())
			if h, ok := r.holes.Of(text); !whole || ok && h.Leaf != nil {
				return false, true
			}
			return false, false
		}
		if left.AsString() == right.AsString() {
			return true, true
		}
		if differ(left.AsString(), right.AsString()) {
			return false, true
		}
		return false, false
	}
	if left.IsKnown() && right.IsKnown() && (left.IsNull() || right.IsNull()) {
		other := left
		if left.IsNull() {
			other = right
		}
		if other.Type() == cty.String {
			if h, ok := r.holes.Of(other); ok && (h.Leaf != nil || !hole.IsWhole(other.AsString())) {
				return false, true
			}
			return false, false
		}
		return false, !other.IsNull()
	}
	return false, false
}

// differ tells whether two texts differ whatever their holes are: what is known before the first hole or after the
// last one does.
func differ(one, other string) bool {
	prefix := func(text string) (string, bool) {
		if at := strings.Index(text, hole.Open); at >= 0 {
			return text[:at], true
		}
		return text, false
	}
	suffix := func(text string) (string, bool) {
		if at := strings.LastIndex(text, hole.Close); at >= 0 {
			return text[at+len(hole.Close):], true
		}
		return text, false
	}
	clash := func(a string, openA bool, b string, openB bool, has func(string, string) bool) bool {
		switch {
		case openA && openB:
			return !has(a, b) && !has(b, a)
		case openA:
			return !has(b, a)
		case openB:
			return !has(a, b)
		}
		return a != b
	}
	a, openA := prefix(one)
	b, openB := prefix(other)
	if clash(a, openA, b, openB, strings.HasPrefix) {
		return true
	}
	a, openA = suffix(one)
	b, openB = suffix(other)
	if clash(a, openA, b, openB, strings.HasSuffix) {
		return true
	}
	// A hole of a resource's attribute is not empty.
	return one == "" && strings.Contains(other, hole.Open) && !hole.IsWhole(other) ||
		other == "" && strings.Contains(one, hole.Open) && !hole.IsWhole(one)
}

func (e *conditional) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ConditionalExpr.Value(ctx)
	}
	s.run.step()
	holds, known, diags := s.decide(e.Condition, ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if known {
		chosen, other := e.TrueResult, e.FalseResult
		if !holds {
			chosen, other = other, chosen
		}
		value, more := chosen.Value(ctx)
		if diags = append(diags, more...); diags.HasErrors() {
			return value, diags
		}
		return s.unified(value, other, ctx), diags
	}
	// No choice may be taken here: known only where both branches agree.
	yes, more := e.TrueResult.Value(ctx)
	no, others := e.FalseResult.Value(ctx)
	if diags = append(append(diags, more...), others...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if !hole.In(yes) && !hole.In(no) && yes.RawEquals(no) {
		return yes, diags
	}
	condition, _ := e.Condition.Value(ctx)
	ty := cty.DynamicPseudoType
	if yes.Type().Equals(no.Type()) {
		ty = yes.Type()
	}
	return s.run.symbolic(s.run.named(condition, s.run.text(e.SrcRange)), ty), diags
}

// unified is the value of a branch in the type that it has in common with the other one: `true ? 1 : "a"` is "1". Of a
// text that is its own type, so that the other branch need not be evaluated; and where it fails, it has no say.
func (s *scope) unified(value cty.Value, other hclsyntax.Expression, ctx *hcl.EvalContext) cty.Value {
	if value.IsNull() || value.Type() == cty.String || value.Type() == cty.DynamicPseudoType {
		return value
	}
	deps := s.run.deps
	s.run.deps = newDependencies()
	defer func() { s.run.deps = deps }()
	ty := cty.NilType
	s.run.without(func() cty.Value {
		if beside, diags := other.Value(ctx); !diags.HasErrors() && !beside.IsNull() {
			ty = beside.Type()
		}
		return cty.NilVal
	})
	if ty == cty.NilType || ty.Equals(value.Type()) || ty == cty.DynamicPseudoType {
		return value
	}
	_, conversions := convert.UnifyUnsafe([]cty.Type{value.Type(), ty})
	if len(conversions) == 0 || conversions[0] == nil {
		return value
	}
	if converted, err := conversions[0](value); err == nil {
		return converted
	}
	return value
}

// decide tells whether a condition holds: a choice where it is not known, unless none may be taken.
func (s *scope) decide(expr hclsyntax.Expression, ctx *hcl.EvalContext) (holds, known bool, diags hcl.Diagnostics) {
	value, diags := expr.Value(ctx)
	if diags.HasErrors() {
		value, diags = s.run.failed(expr.Range(), diags), nil
	}
	if value.IsNull() {
		value = s.run.failed(expr.Range(), nil)
	}
	if holds, ok := boolOf(value); ok && !hole.In(value) {
		return holds, true, nil
	}
	if s.run.blocked {
		return false, false, nil
	}
	return s.chosen(expr, value, ctx), true, nil
}

func (s *scope) chosen(expr hclsyntax.Expression, value cty.Value, ctx *hcl.EvalContext) bool {
	decided := func(inner hclsyntax.Expression) bool {
		holds, _, _ := s.decide(inner, ctx)
		return holds
	}
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return decided(e.Expression)
	case *unary:
		if e.Op == hclsyntax.OpLogicalNot {
			return !decided(e.Val)
		}
	case *binary:
		switch e.Op {
		case hclsyntax.OpLogicalAnd:
			return decided(e.LHS) && decided(e.RHS)
		case hclsyntax.OpLogicalOr:
			return decided(e.LHS) || decided(e.RHS)
		case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
			left, _ := e.LHS.Value(ctx)
			right, _ := e.RHS.Value(ctx)
			if holds, ok := s.run.chooseEqual(left, right); ok {
				return holds == (e.Op == hclsyntax.OpEqual)
			}
		}
	}
	text := s.run.text(expr.Range())
	return s.run.choose(Atom{ID: s.run.idOf(value, text, s), Subject: s.run.holeOf(value, text).Expression}) == 0
}

func (e *functionCall) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.FunctionCallExpr.Value(ctx)
	}
	s.run.step()
	inner := *e.FunctionCallExpr
	if lazy[e.Name] {
		inner.Args = attempts(e.Args, strings.HasSuffix(e.Name, "can"))
		return inner.Value(ctx)
	}
	inner.Args = make([]hclsyntax.Expression, len(e.Args))
	unknown := cty.NilVal
	size := 0
	for i, arg := range e.Args {
		value, diags := arg.Value(ctx)
		if diags.HasErrors() {
			return value, diags
		}
		if hole.In(value) && unknown == cty.NilVal {
			unknown = value
		}
		if bare, _ := value.Unmark(); bare.Type() == cty.String && bare.IsKnown() && !bare.IsNull() {
			size += len(bare.AsString())
		}
		inner.Args[i] = &hclsyntax.LiteralValueExpr{Val: value, SrcRange: arg.Range()}
		if e.ExpandFinal && i == len(e.Args)-1 {
			if bare, _ := value.Unmark(); !bare.IsKnown() {
				inner.ExpandFinal = false
				element := s.run.elementOf(value, s.run.text(arg.Range()))
				inner.Args[i] = &hclsyntax.LiteralValueExpr{Val: element, SrcRange: arg.Range()}
			}
		}
	}
	s.run.spend(size)
	if unknown != cty.NilVal && !s.run.blocked {
		if value, ok := s.selected(&inner); ok {
			return value, nil
		}
	}
	value, diags := inner.Value(ctx)
	if unknown == cty.NilVal {
		return value, diags
	}
	text := s.run.text(e.Range())
	if diags.HasErrors() {
		// What HCL refuses may be the hole's doing.
		return s.run.holes.Value(s.run.named(unknown, text), cty.DynamicPseudoType), nil
	}
	if bare, _ := value.Unmark(); !bare.IsKnown() {
		if _, ok := s.run.holes.Of(value); !ok {
			return s.run.symbolic(s.run.named(unknown, text), bare.Type()), diags
		}
	}
	return value, diags
}

// lazy functions evaluate their arguments themselves.
var lazy = map[string]bool{"try": true, "can": true, "core::try": true, "core::can": true}

func (e *loop) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ForExpr.Value(ctx)
	}
	collection, diags := e.CollExpr.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	bare, marks := collection.Unmark()
	if bare.IsNull() {
		return cty.DynamicVal, append(diags, errorAt(e.CollExpr.Range(), "Iteration over null value"))
	}
	type pair struct{ key, value cty.Value }
	var pairs []pair
	switch {
	case !bare.IsKnown() || bare.Type() == cty.String && hole.InText(bare.AsString()):
		if s.run.blocked {
			return s.run.holes.Value(s.run.named(collection, s.run.text(e.SrcRange)), cty.DynamicPseudoType), diags
		}
		text := s.run.text(e.CollExpr.Range())
		if isBlock(e.ValExpr) && !s.mayHave(collection, text) {
			break
		}
		pairs = []pair{{s.run.keyOf(collection, text), s.run.elementOf(collection, text)}}
	case !bare.CanIterateElements():
		return cty.DynamicVal, append(diags, errorAt(e.CollExpr.Range(), "Iteration over non-iterable value"))
	default:
		for it := bare.ElementIterator(); it.Next(); {
			key, value := it.Element()
			pairs = append(pairs, pair{key, value})
		}
	}
	var elements []cty.Value
	named := map[string]cty.Value{}
	grouped := map[string][]cty.Value{}
	for _, p := range pairs {
		s.run.step()
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{e.ValVar: p.value}
		if e.KeyVar != "" {
			child.Variables[e.KeyVar] = p.key
		}
		if e.CondExpr != nil {
			holds, known, more := s.decide(e.CondExpr, child)
			if more.HasErrors() {
				return cty.DynamicVal, more
			}
			if !known {
				return s.run.holes.Value(s.run.named(p.value, s.run.text(e.SrcRange)), cty.DynamicPseudoType), diags
			}
			if !holds {
				continue
			}
		}
		value, more := e.ValExpr.Value(child)
		if more.HasErrors() {
			return cty.DynamicVal, append(diags, more...)
		}
		if e.KeyExpr == nil {
			elements = append(elements, value)
			continue
		}
		key, more := e.KeyExpr.Value(child)
		if more.HasErrors() {
			return cty.DynamicVal, append(diags, more...)
		}
		name := keyText(s.run.textAt(key, e.KeyExpr.Range()))
		if e.Group {
			grouped[name] = append(grouped[name], value)
		} else {
			named[name] = value
		}
	}
	switch {
	case e.KeyExpr == nil:
		return cty.TupleVal(elements).WithMarks(marks), diags
	case e.Group:
		for name, values := range grouped {
			named[name] = cty.TupleVal(values)
		}
	}
	return cty.ObjectVal(named).WithMarks(marks), diags
}

// isBlock tells whether an element is written as an object, as a statement is.
func isBlock(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *object:
		return true
	case *hclsyntax.ParenthesesExpr:
		return isBlock(e.Expression)
	case *functionCall:
		return e.Name == "merge"
	}
	return false
}

// mayHave chooses whether a collection that is not known has elements.
func (s *scope) mayHave(collection cty.Value, text string) bool {
	h := s.run.holeOf(collection, text)
	return s.run.choose(Atom{ID: "elements " + s.run.idOf(collection, text, s), Subject: h.Expression + " has elements"}) == 0
}

func errorAt(rng hcl.Range, summary string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Subject: &rng}
}

func rangeOf(rng hcl.Range) hole.Range {
	return hole.Range{File: rng.Filename, Start: rng.Start.Byte, End: rng.End.Byte}
}
