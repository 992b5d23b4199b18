package function

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func one(c *call) (cty.Value, error) {
	bare, marks := c.args[0].Unmark()
	ty := bare.Type()
	if !isSequence(ty) && ty != cty.DynamicPseudoType {
		return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
	}
	element := elementType(ty)
	if c.firstUncertainIsResource(c.args[0]) && bare.LengthInt() == 1 {
		return elements(bare)[0], nil
	}
	if !bare.IsKnown() && !ty.IsTupleType() || hole.IsOpen(c.args[0]) || !bare.IsNull() && ty.IsSetType() && !bare.Length().IsKnown() {
		return c.unknownOf(element), nil
	}
	if ty.IsSetType() && bare.LengthInt() > 1 && hole.In(bare) {
		return c.unknownOf(element), nil
	}
	switch bare.LengthInt() {
	case 0:
		return cty.NullVal(element).WithMarks(marks), nil
	case 1:
		if !bare.IsKnown() {
			return c.tupleElement(c.args[0], 0, ty.TupleElementTypes()[0]), nil
		}
		return elements(bare)[0].WithMarks(marks), nil
	}
	return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
}

// allOrAny returns the rule for alltrue and anytrue, which one element can decide.
func allOrAny(all bool) rule {
	return func(c *call) (cty.Value, error) {
		bare, _ := c.args[0].Unmark()
		if !bare.IsKnown() {
			return c.unknownOf(cty.Bool), nil
		}
		unknown := hole.IsOpen(c.args[0])
		for _, element := range elements(bare) {
			plain, _ := element.Unmark()
			switch {
			case !plain.IsKnown():
				unknown = true
			case plain.IsNull():
				if all {
					return c.withArgumentMarks(cty.False), nil
				}
			case plain.True() != all:
				return c.withArgumentMarks(cty.BoolVal(!all)), nil
			}
		}
		if unknown {
			return c.unknownOf(cty.Bool), nil
		}
		return c.withArgumentMarks(cty.BoolVal(all)), nil
	}
}

// coalesce assumes that a hole is neither null nor empty, unless it is an element that may not exist.
func coalesce(c *call) (cty.Value, error) {
	types := make([]cty.Type, len(c.args))
	for i, arg := range c.args {
		types[i] = arg.Type()
	}
	ty, _ := convert.UnifyUnsafe(types)
	if ty == cty.NilType {
		return cty.NilVal, errors.New("all arguments must have the same type")
	}
	for i, arg := range c.args {
		v, err := c.convertArgument(arg, ty)
		if err != nil {
			return cty.NilVal, function.NewArgError(i, err)
		}
		bare, _ := v.Unmark()
		if bare.IsKnown() && (bare.IsNull() || ty == cty.String && bare.RawEquals(cty.StringVal(""))) {
			continue
		}
		if h, ok := c.holes.HoleOf(v); ok && i < len(c.args)-1 && h.Leaf != nil && h.Leaf.Optional {
			return c.unknownOf(ty), nil
		}
		for _, other := range c.args {
			if containsSensitive(other) {
				v = v.Mark(Sensitive{})
			}
		}
		return v, nil
	}
	return cty.NilVal, errors.New("no non-null, non-empty-string arguments")
}

func coalesceList(c *call) (cty.Value, error) {
	if len(c.args) == 0 {
		return cty.NilVal, errors.New("at least one argument is required")
	}
	for i, arg := range c.args {
		bare, _ := arg.Unmark()
		ty := bare.Type()
		if !ty.IsListType() && !ty.IsTupleType() && (ty != cty.DynamicPseudoType || bare.IsKnown()) {
			return cty.NilVal, errors.New("coalescelist arguments must be lists or tuples")
		}
		if bare.IsNull() {
			continue
		}
		if !bare.IsKnown() && !ty.IsTupleType() {
			if i == len(c.args)-1 {
				return arg, nil
			}
			return c.unknownOf(cty.DynamicPseudoType), nil
		}
		if bare.LengthInt() == 0 {
			continue
		}
		if hole.IsOpen(arg) && i < len(c.args)-1 {
			certain := false
			for _, element := range elements(bare) {
				certain = certain || !hole.In(element)
			}
			if !certain {
				return c.unknownOf(cty.DynamicPseudoType), nil
			}
		}
		return arg, nil
	}
	return cty.NilVal, errors.New("no non-null arguments")
}
