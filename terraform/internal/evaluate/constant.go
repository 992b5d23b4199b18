package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// literal returns the value of an expression without references, functions, loops and calculations, or NilVal for any
// other expression. The work is proportional to the length of the expression.
func literal(expr hcl.Expression) cty.Value {
	if native, ok := expr.(hclsyntax.Expression); ok && !isLiteral(native) {
		return cty.NilVal
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() || !value.IsKnown() {
		return cty.NilVal
	}
	bare, _ := value.Unmark()
	return bare
}

func isLiteral(expr hclsyntax.Expression) bool {
	found := true
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		switch node := node.(type) {
		case *loop, *splat, *hclsyntax.ForExpr, *hclsyntax.SplatExpr:
			found = false
		case *binary:
			found = found && node.Op.Type != cty.Number
		case *hclsyntax.BinaryOpExpr:
			found = found && node.Op.Type != cty.Number
		}
		return nil
	})
	return found
}

// constant evaluates an expression of a variable definitions file, which can calculate, but not refer to anything.
func (r *run) constant(expr hcl.Expression) (value cty.Value, diags hcl.Diagnostics) {
	native, ok := expr.(hclsyntax.Expression)
	if !ok || isLiteral(native) {
		return expr.Value(nil)
	}
	if diags := notConstant(native); diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	value = r.withinBudget(expr.Range(), func() cty.Value {
		value, diags = wrap(native).Value((&scope{run: r, module: r.root}).context())
		return value
	})
	if !hole.In(value) {
		value, _ = value.UnmarkDeep()
	}
	return value, diags
}

// notConstant returns the diagnostics of HCL for the first reference and the first function call.
func notConstant(expr hclsyntax.Expression) (diags hcl.Diagnostics) {
	for _, traversal := range expr.Variables() {
		_, diags = (&hclsyntax.ScopeTraversalExpr{Traversal: traversal, SrcRange: traversal.SourceRange()}).Value(nil)
		return diags
	}
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok && !diags.HasErrors() {
			bare := *call
			bare.Args = nil
			_, diags = bare.Value(nil)
		}
		return nil
	})
	return diags
}
