package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func (e *templateText) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.TemplateExpr.Value(ctx)
	}
	s.run.budget.Step()
	inner := &hclsyntax.TemplateExpr{SrcRange: e.SrcRange}
	var diags hcl.Diagnostics
	size := 0
	parts := pieces{run: s.run}
	for _, part := range e.Parts {
		if literal, ok := part.(*hclsyntax.LiteralValueExpr); ok {
			inner.Parts = append(inner.Parts, literal)
			parts.add(literal.Val, literal.SrcRange, true)
			continue
		}
		value, more := part.Value(ctx)
		if more.HasErrors() {
			value, more = s.run.unevaluable(part.Range(), more), nil
		}
		diags = append(diags, more...)
		s.run.budget.Step()
		value = s.run.asStringAt(value, part.Range())
		if bare, _ := value.Unmark(); bare.Type() == cty.String && !bare.IsNull() {
			size += len(bare.AsString())
		}
		inner.Parts = append(inner.Parts, &hclsyntax.LiteralValueExpr{Val: value, SrcRange: part.Range()})
		parts.add(value, part.Range(), false)
	}
	s.run.budget.Bytes(size)
	value, more := inner.Value(ctx)
	out := parts.withSource(value)
	s.run.loader.secrets.addResult("", out)
	return out, append(diags, more...)
}

func (e *templateJoin) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	value, diags := e.Tuple.Value(ctx)
	if s == nil || diags.HasErrors() {
		return cty.UnknownVal(cty.String), diags
	}
	s.run.budget.Step()
	bare, marks := value.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return s.run.asStringAt(value, e.Tuple.Range()), diags
	}
	var out strings.Builder
	parts := pieces{run: s.run}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		s.run.budget.Step()
		element = s.run.asStringAt(element, e.Tuple.Range())
		parts.add(element, e.Tuple.Range(), false)
		inner, more := element.Unmark()
		for m := range more {
			marks[m] = struct{}{}
		}
		if inner, err := convert.Convert(inner, cty.String); err == nil && !inner.IsNull() {
			out.WriteString(inner.AsString())
		}
	}
	s.run.budget.Bytes(out.Len())
	return parts.withSource(cty.StringVal(out.String()).WithMarks(marks)), diags
}
