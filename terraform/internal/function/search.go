package function

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// compare compares two values. It returns maybe if a hole can make them equal.
func compare(a, b cty.Value) verdict {
	a, _ = a.UnmarkDeep()
	b, _ = b.UnmarkDeep()
	if hole.In(a) || hole.In(b) {
		if a.IsWhollyKnown() && b.IsWhollyKnown() && a.RawEquals(b) {
			return yes
		}
		if a.Type() == cty.String && b.Type() == cty.String && a.IsKnown() && b.IsKnown() && !a.IsNull() && !b.IsNull() {
			if startsWith(a.AsString(), b.AsString()) == no && startsWith(b.AsString(), a.AsString()) == no ||
				endsWith(a.AsString(), b.AsString()) == no && endsWith(b.AsString(), a.AsString()) == no {
				return no
			}
		}
		return maybe
	}
	if a.RawEquals(b) || !a.IsNull() && !b.IsNull() && a.Equals(b).RawEquals(cty.True) {
		return yes
	}
	return no
}

func containsElement(c *call) (cty.Value, error) {
	list, wanted := c.args[0], c.args[1]
	bare, _ := list.Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	if !isSequence(bare.Type()) {
		return cty.NilVal, errors.New("argument must be list, tuple, or set")
	}
	result := no
	if hole.IsOpen(list) {
		result = maybe
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		switch compare(element, wanted) {
		case yes:
			return c.withArgumentMarks(cty.True), nil
		case maybe:
			result = maybe
		}
	}
	if result == no {
		return c.withArgumentMarks(cty.False), nil
	}
	return cty.NilVal, nil
}

func index(c *call) (cty.Value, error) {
	list, wanted := c.args[0], c.args[1]
	bare, _ := list.Unmark()
	if !bare.IsKnown() {
		return c.unknownOf(cty.Number), nil
	}
	if !bare.Type().IsListType() && !bare.Type().IsTupleType() {
		return cty.NilVal, errors.New("argument must be a list or tuple")
	}
	if bare.LengthInt() == 0 {
		return cty.NilVal, errors.New("cannot search an empty list")
	}
	limit := c.certainLength(list)
	i := 0
	for it := bare.ElementIterator(); it.Next(); i++ {
		_, element := it.Element()
		if i >= limit {
			return c.unknownOf(cty.Number), nil
		}
		switch compare(element, wanted) {
		case yes:
			return c.withArgumentMarks(cty.NumberIntVal(int64(i))), nil
		case maybe:
			return c.unknownOf(cty.Number), nil
		}
	}
	return cty.NilVal, errors.New("item not found")
}

func matchkeys(c *call) (cty.Value, error) {
	for _, arg := range c.args {
		bare, _ := arg.Unmark()
		if !bare.IsKnown() || hole.IsOpen(arg) {
			return c.unknownOf(c.args[0].Type()), nil
		}
	}
	if c.args[0].Type().ElementType() == cty.DynamicPseudoType && c.unmarkedArgument(0).LengthInt() == 0 {
		return c.withArgumentMarks(cty.ListValEmpty(cty.DynamicPseudoType)), nil
	}
	values, keys, search := elements(c.args[0]), elements(c.args[1]), elements(c.args[2])
	if len(values) != len(keys) {
		return cty.NilVal, errors.New("length of keys and values should be equal")
	}
	c.budget.WorkOf(len(keys), comparisonCost*len(search))
	s := &sequence{call: c}
	for i, key := range keys {
		result := no
		for _, one := range search {
			if to, err := convert.Convert(one, key.Type()); err == nil {
				one = to
			}
			if v := compare(key, one); v == yes || v == maybe && result == no {
				result = v
			}
		}
		if result == maybe {
			return c.unknownOf(c.args[0].Type()), nil
		}
		if result == yes {
			s.elements = append(s.elements, values[i])
		}
	}
	v, err := s.list(c.args[0].Type().ElementType())
	if err != nil {
		return cty.NilVal, err
	}
	return c.withArgumentMarks(v), nil
}

func elements(v cty.Value) []cty.Value {
	bare, _ := v.Unmark()
	var out []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		out = append(out, element)
	}
	return out
}
