package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

func (e *unary) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	value, diags := e.Val.Value(ctx)
	if s == nil || diags.HasErrors() {
		return e.UnaryOpExpr.Value(ctx)
	}
	s.run.budget.Step()
	s.run.budget.Conversion(value, cty.Number)
	if !hole.In(value) {
		inner := &hclsyntax.UnaryOpExpr{Op: e.Op, SrcRange: e.SrcRange, SymbolRange: e.SymbolRange,
			Val: &hclsyntax.LiteralValueExpr{Val: value, SrcRange: e.Val.Range()}}
		value, more := inner.Value(ctx)
		return value, append(diags, more...)
	}
	return s.run.holes.Value(s.run.derivedHole(value, s.run.snippet(e.SrcRange)), e.Op.Type), diags
}

func (e *binary) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.BinaryOpExpr.Value(ctx)
	}
	s.run.budget.Step()
	left, diags := e.LHS.Value(ctx)
	if !diags.HasErrors() && (e.Op == hclsyntax.OpLogicalAnd || e.Op == hclsyntax.OpLogicalOr) {
		// Since Terraform 1.12, an error on the right side does not matter if the left side decides.
		if known, ok := boolOf(left); ok && known == (e.Op == hclsyntax.OpLogicalOr) {
			return cty.BoolVal(known), diags
		}
	}
	right, more := e.RHS.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(e.Op.Type), diags
	}
	s.run.budget.Visited(left)
	s.run.budget.Visited(right)
	if hasNumberOperands(e.Op) {
		s.run.budget.Conversion(left, cty.Number)
		s.run.budget.Conversion(right, cty.Number)
	}
	if !hole.In(left) && !hole.In(right) {
		inner := &hclsyntax.BinaryOpExpr{Op: e.Op, SrcRange: e.SrcRange,
			LHS: &hclsyntax.LiteralValueExpr{Val: left, SrcRange: e.LHS.Range()},
			RHS: &hclsyntax.LiteralValueExpr{Val: right, SrcRange: e.RHS.Range()}}
		value, more := inner.Value(ctx)
		if !more.HasErrors() {
			s.run.budget.Visited(value)
		}
		return value, append(diags, more...)
	}
	text := s.run.snippet(e.SrcRange)
	switch e.Op {
	case hclsyntax.OpEqual, hclsyntax.OpNotEqual:
		if same, known := s.run.equal(left, right); known {
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
	return s.run.holes.Value(s.run.derivedHole(unknown, text), e.Op.Type), diags
}

// hasNumberOperands reports whether an operator calculates with numbers or compares them by size.
func hasNumberOperands(op *hclsyntax.Operation) bool {
	return op != hclsyntax.OpEqual && op != hclsyntax.OpNotEqual && op != hclsyntax.OpLogicalAnd && op != hclsyntax.OpLogicalOr
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

// equal compares two values, at least one of which has a hole.
func (r *run) equal(left, right cty.Value) (same, known bool) {
	left, _ = left.UnmarkDeep()
	right, _ = right.UnmarkDeep()
	if left.Type() == cty.String && right.Type() == cty.String && left.IsKnown() && right.IsKnown() {
		if left.IsNull() || right.IsNull() {
			// A placeholder with other text around it cannot be null, and neither can a computed resource attribute.
			text := left
			if left.IsNull() {
				text = right
			}
			whole := hole.IsWhole(text.AsString())
			if h, ok := r.holes.HoleOf(text); !whole || ok && h.IsAttribute() {
				return false, true
			}
			return false, false
		}
		if left.AsString() == right.AsString() {
			return true, true
		}
		if certainlyDiffer(left.AsString(), right.AsString()) {
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
			if h, ok := r.holes.HoleOf(other); ok && (h.IsAttribute() || !hole.IsWhole(other.AsString())) {
				return false, true
			}
			return false, false
		}
		return false, !other.IsNull()
	}
	return false, false
}

// certainlyDiffer reports whether two strings differ for all values of their holes, because their known starts or
// their known ends differ.
func certainlyDiffer(one, other string) bool {
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
	differ := func(a string, openA bool, b string, openB bool, has func(string, string) bool) bool {
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
	if differ(a, openA, b, openB, strings.HasPrefix) {
		return true
	}
	a, openA = suffix(one)
	b, openB = suffix(other)
	if differ(a, openA, b, openB, strings.HasSuffix) {
		return true
	}
	// A hole for a resource attribute is not empty.
	return one == "" && strings.Contains(other, hole.Open) && !hole.IsWhole(other) ||
		other == "" && strings.Contains(one, hole.Open) && !hole.IsWhole(one)
}
