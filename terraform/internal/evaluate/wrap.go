package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// wrap replaces HCL expressions that would lose known parts of a value.
func wrap(expr hclsyntax.Expression) hclsyntax.Expression {
	switch e := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return &reference{e}
	case *hclsyntax.RelativeTraversalExpr:
		e.Source = wrap(e.Source)
		return &relative{e}
	case *hclsyntax.FunctionCallExpr:
		wrapAll(e.Args)
		return &functionCall{e}
	case *hclsyntax.ConditionalExpr:
		e.Condition, e.TrueResult, e.FalseResult = wrap(e.Condition), wrap(e.TrueResult), wrap(e.FalseResult)
		return &conditional{e}
	case *hclsyntax.IndexExpr:
		e.Collection, e.Key = wrap(e.Collection), wrap(e.Key)
		return &index{e}
	case *hclsyntax.SplatExpr:
		e.Source, e.Each = wrap(e.Source), wrap(e.Each)
		return &splat{e}
	case *hclsyntax.TupleConsExpr:
		wrapAll(e.Exprs)
		return &tuple{e}
	case *hclsyntax.ObjectConsExpr:
		for i := range e.Items {
			e.Items[i].KeyExpr, e.Items[i].ValueExpr = wrap(e.Items[i].KeyExpr), wrap(e.Items[i].ValueExpr)
		}
		return &object{e}
	case *hclsyntax.ObjectConsKeyExpr:
		e.Wrapped = wrap(e.Wrapped)
		return &objectKey{e}
	case *hclsyntax.ForExpr:
		e.CollExpr, e.ValExpr = wrap(e.CollExpr), wrap(e.ValExpr)
		if e.KeyExpr != nil {
			e.KeyExpr = wrap(e.KeyExpr)
		}
		if e.CondExpr != nil {
			e.CondExpr = wrap(e.CondExpr)
		}
		return &loop{e}
	case *hclsyntax.TemplateExpr:
		if e.IsStringLiteral() {
			// A string that can be JSON keeps the positions of its parts.
			text := e.Parts[0].(*hclsyntax.LiteralValueExpr).Val
			if text.Type() != cty.String || !strings.Contains(text.AsString(), `"`) {
				return &hclsyntax.LiteralValueExpr{Val: text, SrcRange: e.SrcRange}
			}
		}
		wrapAll(e.Parts)
		return &templateText{e}
	case *hclsyntax.TemplateJoinExpr:
		e.Tuple = wrap(e.Tuple)
		return &templateJoin{e}
	case *hclsyntax.TemplateWrapExpr:
		e.Wrapped = wrap(e.Wrapped)
		return e
	case *hclsyntax.LiteralValueExpr:
		if e.Val.Type() == cty.Number {
			return &number{e}
		}
	case *hclsyntax.ParenthesesExpr:
		e.Expression = wrap(e.Expression)
		return e
	case *hclsyntax.BinaryOpExpr:
		e.LHS, e.RHS = wrap(e.LHS), wrap(e.RHS)
		return &binary{e}
	case *hclsyntax.UnaryOpExpr:
		e.Val = wrap(e.Val)
		return &unary{e}
	}
	return expr
}

func wrapAll(exprs []hclsyntax.Expression) {
	for i, expr := range exprs {
		exprs[i] = wrap(expr)
	}
}
