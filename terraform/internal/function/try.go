package function

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// defineTry defines try and can. The HCL versions make a whole value unknown as soon as one part of it is, and report
// a missing attribute for an open object that can have the attribute at run time.
func (l *library) defineTry() {
	try := func(args []cty.Value) (cty.Value, error) {
		if len(args) == 0 {
			return cty.NilVal, errors.New("at least one argument is required")
		}
		for i, arg := range args {
			closure := customdecode.ExpressionClosureFromVal(arg)
			v, diags := closure.Value()
			if !diags.HasErrors() {
				// An element that may not exist makes the expression fail.
				if h, ok := l.holes.HoleOf(v); ok && i < len(args)-1 && h.Leaf != nil && h.Leaf.Optional {
					h = hole.Hole{Reason: h.Reason, Expression: "try(" + h.Expression + ", …)"}
					return l.holes.Value(h, cty.DynamicPseudoType), nil
				}
				return v, nil
			}
			if h, ok := l.unknownReference(closure); ok {
				h.Expression = "try(" + h.Expression + ", …)"
				return l.holes.Value(h, cty.DynamicPseudoType), nil
			}
		}
		return tryfunc.TryFunc.Call(args)
	}
	l.table["try"] = function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		// A precise type would require evaluating the expressions twice, which is exponential for nested calls.
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
	})
	l.table["can"] = function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			v, diags := closure.Value()
			h, doubt := l.unknownReference(closure)
			if !diags.HasErrors() {
				h, doubt = l.cause(v)
				_, reference := hcl.AbsTraversalForExpr(closure.Expression)
				if v.IsWhollyKnown() && (!reference.HasErrors() || !doubt && !hole.In(v)) {
					return cty.True, nil
				}
			} else if !doubt {
				return cty.False, nil
			}
			return l.holes.Value(hole.Hole{Reason: h.Reason, Expression: "can(" + h.Expression + ")"}, cty.Bool), nil
		},
	})
}

// unknownReference returns the hole of the first reference that can explain an error of the expression.
func (l *library) unknownReference(closure *customdecode.ExpressionClosure) (hole.Hole, bool) {
	for _, traversal := range closure.Expression.Variables() {
		v, whole := traverse(traversal, closure.EvalContext)
		if v == cty.NilVal {
			continue
		}
		bare, _ := v.Unmark()
		if !bare.IsKnown() || hole.IsOpen(v) || whole && containsUnknown(v) {
			h, ok := l.cause(v)
			if !ok {
				h.Reason = "not known"
			}
			var names []string
			for _, step := range traversal {
				switch step := step.(type) {
				case hcl.TraverseRoot:
					names = append(names, step.Name)
				case hcl.TraverseAttr:
					names = append(names, step.Name)
				}
			}
			return hole.Hole{Reason: h.Reason, Expression: strings.Join(names, ".")}, true
		}
	}
	return hole.Hole{}, false
}

// traverse follows a traversal as far as it resolves, and reports whether it resolves completely.
func traverse(traversal hcl.Traversal, ctx *hcl.EvalContext) (v cty.Value, whole bool) {
	v = cty.NilVal
	for n := 1; n <= len(traversal); n++ {
		next, diags := traversal[:n].TraverseAbs(ctx)
		if diags.HasErrors() {
			return v, false
		}
		v = next
	}
	return v, true
}

// containsUnknown reports whether a value contains an unknown value or an open collection.
func containsUnknown(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, inner cty.Value) (bool, error) {
		bare, _ := inner.Unmark()
		found = found || !bare.IsKnown() || hole.IsOpen(inner)
		return !found, nil
	})
	return found
}
