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

// attempts are try and can. Those of HCL make all of a value unknown as soon as one part of it is, and take an attribute
// that an open object does not have for one that it has not.
func (l *library) attempts() {
	try := func(args []cty.Value) (cty.Value, error) {
		if len(args) == 0 {
			return cty.NilVal, errors.New("at least one argument is required")
		}
		for _, arg := range args {
			closure := customdecode.ExpressionClosureFromVal(arg)
			v, diags := closure.Value()
			if !diags.HasErrors() {
				return v, nil
			}
			if h, ok := l.doubtful(closure); ok {
				h.Expression = "try(" + h.Expression + ", …)"
				return l.holes.Value(h, cty.DynamicPseudoType), nil
			}
		}
		return tryfunc.TryFunc.Call(args)
	}
	l.table["try"] = function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		// Of any type, as to find out which would evaluate the expressions twice, and nested ones over and over.
		Type: function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
	})
	l.table["can"] = function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			closure := customdecode.ExpressionClosureFromVal(args[0])
			v, diags := closure.Value()
			h, doubt := l.doubtful(closure)
			if !diags.HasErrors() {
				h, doubt = l.why(v)
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

// doubtful tells whether an error of an expression may come from what is not known.
func (l *library) doubtful(closure *customdecode.ExpressionClosure) (hole.Hole, bool) {
	for _, traversal := range closure.Expression.Variables() {
		v, whole := reached(traversal, closure.EvalContext)
		if v == cty.NilVal {
			continue
		}
		bare, _ := v.Unmark()
		if !bare.IsKnown() || hole.IsOpen(v) || whole && openInside(v) {
			h, ok := l.why(v)
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

// reached is the value of as much of a traversal as there is, and whether that is all of it.
func reached(traversal hcl.Traversal, ctx *hcl.EvalContext) (v cty.Value, whole bool) {
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

// openInside tells whether a value has something inside that is not known, or a collection that is open.
func openInside(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, inner cty.Value) (bool, error) {
		bare, _ := inner.Unmark()
		found = found || !bare.IsKnown() || hole.IsOpen(inner)
		return !found, nil
	})
	return found
}
