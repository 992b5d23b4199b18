package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func (e *conditional) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ConditionalExpr.Value(ctx)
	}
	s.run.budget.Step()
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
		return s.unify(value, other, ctx), diags
	}
	// Choices are disabled, so the value is known only if both branches agree.
	yes, more := e.TrueResult.Value(ctx)
	no, others := e.FalseResult.Value(ctx)
	if diags = append(append(diags, more...), others...); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	s.run.budget.Visited(yes)
	s.run.budget.Visited(no)
	if !hole.In(yes) && !hole.In(no) && yes.RawEquals(no) {
		return yes, diags
	}
	condition, _ := e.Condition.Value(ctx)
	ty := cty.DynamicPseudoType
	if yes.Type().Equals(no.Type()) {
		ty = yes.Type()
	}
	return s.run.unknownValue(s.run.derivedHole(condition, s.run.snippet(e.SrcRange)), ty), diags
}

// unify converts the value of a branch to the type that it shares with the other branch: `true ? 1 : "a"` is "1". A
// string keeps its type, so the other branch is not evaluated. If the other branch fails, it does not affect the
// type.
func (s *scope) unify(value cty.Value, other hclsyntax.Expression, ctx *hcl.EvalContext) cty.Value {
	if value.IsNull() || value.Type() == cty.String || value.Type() == cty.DynamicPseudoType {
		return value
	}
	deps := s.run.deps
	s.run.deps = newDependencies()
	defer func() { s.run.deps = deps }()
	ty := cty.NilType
	s.run.withoutChoices(func() cty.Value {
		if otherValue, diags := other.Value(ctx); !diags.HasErrors() && !otherValue.IsNull() {
			ty = otherValue.Type()
		}
		return cty.NilVal
	})
	if ty == cty.NilType || ty.Equals(value.Type()) || ty == cty.DynamicPseudoType {
		return value
	}
	s.run.budget.Visited(value)
	target, conversions := convert.UnifyUnsafe([]cty.Type{value.Type(), ty})
	if len(conversions) == 0 || conversions[0] == nil {
		return value
	}
	s.run.budget.Conversion(value, target)
	if converted, err := conversions[0](value); err == nil {
		return converted
	}
	return value
}

// decide evaluates a condition. An unknown condition becomes a choice unless choices are disabled.
func (s *scope) decide(expr hclsyntax.Expression, ctx *hcl.EvalContext) (holds, known bool, diags hcl.Diagnostics) {
	value, diags := expr.Value(ctx)
	if diags.HasErrors() {
		value, diags = s.run.unevaluable(expr.Range(), diags), nil
	}
	if value.IsNull() {
		value = s.run.unevaluable(expr.Range(), nil)
	}
	if holds, ok := boolOf(value); ok && !hole.In(value) {
		return holds, true, nil
	}
	if s.run.choicesDisabled {
		return false, false, nil
	}
	return s.chooseCondition(expr, value, ctx), true, nil
}

func (s *scope) chooseCondition(expr hclsyntax.Expression, value cty.Value, ctx *hcl.EvalContext) bool {
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
	text := s.run.snippet(expr.Range())
	return s.run.choose(Atom{ID: s.run.choiceID(value, text, s), Subject: s.run.holeOf(value, text).Expression}) == 0
}
