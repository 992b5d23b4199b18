package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineConversions() {
	for name, ty := range map[string]cty.Type{
		"tostring": cty.String,
		"tonumber": cty.Number,
		"tobool":   cty.Bool,
		"toset":    cty.Set(cty.DynamicPseudoType),
		"tolist":   cty.List(cty.DynamicPseudoType),
		"tomap":    cty.Map(cty.DynamicPseudoType),
	} {
		l.define(name, stdlib.MakeToFunc(ty), convertTo(ty))
	}
}

// convertTo keeps the holes and marks inside a value. Holes in a set can be equal to each other, so that the set is
// open.
func convertTo(ty cty.Type) rule {
	return func(c *call) (cty.Value, error) {
		value := c.args[0]
		bare, marks := value.Unmark()
		if bare.IsNull() || !bare.IsKnown() {
			h, ok := c.cause(value)
			if bare.IsNull() || !ok {
				return cty.NilVal, nil
			}
			got := bare.Type()
			if _, err := c.base.ReturnTypeForValues([]cty.Value{bare}); err != nil {
				return cty.NilVal, err
			}
			target := ty
			if got.IsCollectionType() && target.IsCollectionType() {
				target = sameKind(ty, got.ElementType())
			}
			return c.holes.Value(h, target).WithMarks(marks), nil
		}
		if ty := bare.Type(); ty.IsTupleType() && ty.Length() > 0 && !ty.TupleElementType(0).IsPrimitiveType() {
			// cty compares every pair of element types.
			c.budget.WorkOf(ty.Length(), ty.Length())
		}
		if !hole.In(value) {
			out, err := c.base.Call([]cty.Value{bare})
			if err != nil || !bare.CanIterateElements() {
				return out.WithMarks(marks), err
			}
		}
		converted := c.placeholdersForType(value, ty)
		plain, _ := converted.Unmark()
		if _, err := c.base.ReturnTypeForValues([]cty.Value{plain}); err != nil && !hasUnknownType(plain) {
			return cty.NilVal, err
		}
		out, err := c.convertArgument(converted, ty)
		if err != nil {
			// The function itself returns the error message that Terraform reports.
			deep, _ := plain.UnmarkDeep()
			if _, known := c.base.Call([]cty.Value{deep}); known != nil {
				err = known
			}
			return cty.NilVal, err
		}
		if ty.IsSetType() && hole.In(out) {
			if unmarked, _ := out.Unmark(); !unmarked.Length().IsKnown() || unmarked.LengthInt() > 1 {
				h, _ := c.cause(value)
				out = c.holes.Open(out, h)
			}
		}
		return out, nil
	}
}

func sameKind(kind, element cty.Type) cty.Type {
	switch {
	case kind.IsSetType():
		return cty.Set(element)
	case kind.IsMapType():
		return cty.Map(element)
	}
	return cty.List(element)
}

// defineSensitivity defines the functions for sensitive and ephemeral values.
func (l *library) defineSensitivity() {
	anything := []function.Parameter{nullable("value", cty.DynamicPseudoType)}
	l.define("sensitive", signature(anything, nil), func(c *call) (cty.Value, error) {
		return c.args[0].Mark(Sensitive{}), nil
	})
	l.define("nonsensitive", signature(anything, nil), func(c *call) (cty.Value, error) {
		bare, marks := c.args[0].Unmark()
		rest := cty.ValueMarks{}
		for m := range marks {
			if m != (Sensitive{}) {
				rest[m] = struct{}{}
			}
		}
		return bare.WithMarks(rest), nil
	})
	l.define("issensitive", signature(anything, nil), func(c *call) (cty.Value, error) {
		bare, marks := c.args[0].Unmark()
		if _, ok := marks[Sensitive{}]; ok {
			return cty.True, nil
		}
		if h, ok := c.cause(c.args[0]); ok && !bare.IsKnown() {
			return c.holes.Value(hole.Hole{Reason: h.Reason, Expression: c.describe(c.texts()...)}, cty.Bool), nil
		}
		return cty.False, nil
	})
	l.define("ephemeralasnull", signature(anything, nil), func(c *call) (cty.Value, error) { return c.args[0], nil })
}
