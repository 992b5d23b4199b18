package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func (e *functionCall) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.FunctionCallExpr.Value(ctx)
	}
	value, diags := e.valueIn(s, ctx)
	if !diags.HasErrors() {
		s.run.loader.secrets.addResult(e.Name, value)
	}
	return value, diags
}

func (e *functionCall) valueIn(s *scope, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s.run.budget.Step()
	if e.Name == "convert" || e.Name == "core::convert" {
		return e.convert(ctx)
	}
	if _, ok := s.run.functions[e.Name]; !ok {
		return s.run.holes.Value(hole.Hole{Reason: "Keywarden cannot evaluate the function " + e.Name,
			Expression: s.run.snippet(e.Range())}, cty.DynamicPseudoType), nil
	}
	inner := *e.FunctionCallExpr
	if lazy[e.Name] {
		inner.Args = tryArguments(e.Args, strings.HasSuffix(e.Name, "can"))
		return s.checked(inner.Value(ctx))
	}
	inner.Args = make([]hclsyntax.Expression, len(e.Args))
	unknown := cty.NilVal
	for i, arg := range e.Args {
		value, diags := arg.Value(ctx)
		if diags.HasErrors() {
			return value, diags
		}
		if hole.In(value) && unknown == cty.NilVal {
			unknown = value
		}
		inner.Args[i] = &hclsyntax.LiteralValueExpr{Val: value, SrcRange: arg.Range()}
		if e.ExpandFinal && i == len(e.Args)-1 {
			if bare, _ := value.Unmark(); !bare.IsKnown() {
				inner.ExpandFinal = false
				element := s.run.unknownElement(value, s.run.snippet(arg.Range()))
				inner.Args[i] = &hclsyntax.LiteralValueExpr{Val: element, SrcRange: arg.Range()}
			}
		}
	}
	if unknown != cty.NilVal && !s.run.choicesDisabled {
		if value, ok := s.selectByUnknown(&inner); ok {
			return value, nil
		}
	}
	value, diags := s.checked(inner.Value(ctx))
	if unknown == cty.NilVal {
		return value, diags
	}
	text := s.run.snippet(e.Range())
	if diags.HasErrors() {
		// The error of HCL can be caused by the hole.
		return s.run.holes.Value(s.run.derivedHole(unknown, text), cty.DynamicPseudoType), nil
	}
	if bare, _ := value.Unmark(); !bare.IsKnown() {
		if _, ok := s.run.holes.HoleOf(value); !ok {
			return s.run.unknownValue(s.run.derivedHole(unknown, text), bare.Type()), diags
		}
	}
	return value, diags
}

// checked continues the panic of an excess inside a function, from which cty recovers.
func (s *scope) checked(value cty.Value, diags hcl.Diagnostics) (cty.Value, hcl.Diagnostics) {
	s.run.budget.Check()
	return value, diags
}

// convert evaluates a call such as `convert(var.names, set(string))`, whose second argument is a type.
func (e *functionCall) convert(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	if len(e.Args) != 2 {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(e.Range(), "The function convert requires a value and a type")}
	}
	value, diags := e.Args[0].Value(ctx)
	ty, more := typeexpr.TypeConstraint(e.Args[1])
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	if s := scopeOf(ctx); s != nil {
		s.run.budget.Visited(value)
		s.run.budget.Conversion(value, ty)
	}
	out, err := convert.Convert(value, ty)
	switch {
	case err == nil:
		return out, diags
	case hole.In(value):
		return value, diags
	}
	return cty.DynamicVal, append(diags, errorAt(e.Range(), err.Error()))
}

// lazy lists the functions that evaluate their arguments themselves.
var lazy = map[string]bool{"try": true, "can": true, "core::try": true, "core::can": true}
