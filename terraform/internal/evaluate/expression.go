package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// The expressions in this file evaluate like those of HCL, but keep the known parts of values that are not wholly
// known.

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
	number       struct{ *hclsyntax.LiteralValueExpr }
)

func (e *number) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if s := scopeOf(ctx); s != nil {
		s.run.budget.Visited(e.Val)
	}
	return e.LiteralValueExpr.Value(ctx)
}

func (e *reference) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ScopeTraversalExpr.Value(ctx)
	}
	s.run.budget.Step()
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
			s.run.budget.Step()
			return s.resolve(append(traversal, e.Traversal...))
		}
	}
	value, diags := e.Source.Value(ctx)
	if s == nil || diags.HasErrors() {
		return value, diags
	}
	s.run.budget.Step()
	value, more := s.traverse(value, e.Traversal, nil)
	return value, append(diags, more...)
}

func (e *index) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.IndexExpr.Value(ctx)
	}
	s.run.budget.Step()
	if traversal := e.traversal(ctx); traversal != nil {
		return s.resolve(traversal)
	}
	collection, diags := e.Collection.Value(ctx)
	key, more := e.Key.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if hole.In(key) {
		text := s.run.snippet(e.SrcRange)
		if value, ok := s.elementByUnknownKey(collection, key, e.Key.Range(), text, s.run.hasFallback); ok {
			return value, diags
		}
		if s.run.hasFallback {
			return cty.DynamicVal, append(diags, errorAt(e.SrcRange, "The collection has no element with this key"))
		}
		return s.run.holes.Value(s.run.derivedHole(key, text), cty.DynamicPseudoType), diags
	}
	value, more := s.step(collection, key, func() string { return s.run.snippet(e.SrcRange) }, e.SrcRange)
	return value, append(diags, more...)
}

// traversal returns the reference to an instance with a known key, such as `aws_kms_key.team[each.key]`, and nil for
// other expressions. Resolving it avoids evaluating all instances.
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
	s.run.budget.Step()
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
		elements = []cty.Value{s.run.unknownElement(source, s.run.snippet(e.Source.Range()))}
	}
	s.run.budget.Steps(1 + len(elements))
	inner := *e.SplatExpr
	inner.Source = &hclsyntax.LiteralValueExpr{Val: cty.TupleVal(elements), SrcRange: e.Source.Range()}
	value, more := inner.Value(ctx)
	s.run.budget.Visited(value)
	return value.WithMarks(marks), append(diags, more...)
}

func (e *tuple) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s != nil {
		s.run.budget.Steps(1 + len(e.Exprs))
	}
	value, diags := e.TupleConsExpr.Value(ctx)
	if s != nil {
		s.run.budget.Visited(value)
	}
	return value.Mark(hole.RangeMark{Range: rangeOf(e.SrcRange)}), diags
}

func (e *object) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s != nil {
		s.run.budget.Steps(1 + len(e.Items))
	}
	value, diags := e.ObjectConsExpr.Value(ctx)
	at := rangeOf(e.SrcRange)
	if s != nil {
		s.run.budget.Visited(value)
		s.run.noteItems(at, e.ObjectConsExpr)
	}
	return value.Mark(hole.RangeMark{Range: at}), diags
}

func (e *objectKey) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	value, diags := e.ObjectConsKeyExpr.Value(ctx)
	if s := scopeOf(ctx); s != nil && !value.IsKnown() && !diags.HasErrors() {
		return s.run.asString(value, s.run.snippet(e.Range())), diags
	}
	return value, diags
}

// UnwrapExpression supports hcl.ExprAsKeyword and similar functions.
func (e *objectKey) UnwrapExpression() hcl.Expression { return e.Wrapped }

func errorAt(rng hcl.Range, summary string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Subject: &rng}
}

func rangeOf(rng hcl.Range) hole.Range {
	return hole.Range{File: rng.Filename, Start: rng.Start.Byte, End: rng.End.Byte}
}
