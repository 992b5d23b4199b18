package function

import (
	"errors"
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) collections() {
	anything := cty.DynamicPseudoType
	rest := nullable("vals", anything)
	l.define("concat", stdlib.ConcatFunc, concat)
	l.define("flatten", stdlib.FlattenFunc, flatten)
	l.define("distinct", stdlib.DistinctFunc, distinct)
	l.define("compact", stdlib.CompactFunc, compact)
	l.define("reverse", stdlib.ReverseListFunc, reverse)
	l.define("chunklist", stdlib.ChunklistFunc, structural)
	l.define("slice", stdlib.SliceFunc, slice)
	l.define("element", stdlib.ElementFunc, element)
	l.define("length", shape([]function.Parameter{param("value", anything)}, nil), length)
	l.define("index", shape([]function.Parameter{param("list", anything), param("value", anything)}, nil), index)
	l.define("contains", stdlib.ContainsFunc, containsElement)
	l.define("keys", stdlib.KeysFunc, keys)
	l.define("values", stdlib.ValuesFunc, values)
	l.define("lookup", shape([]function.Parameter{param("inputMap", anything), param("key", cty.String)}, &function.Parameter{Name: "default", Type: anything, AllowNull: true}), lookup)
	l.define("merge", stdlib.MergeFunc, merge)
	l.define("zipmap", stdlib.ZipmapFunc, zipmap)
	l.define("transpose", fixed(cty.Map(cty.List(cty.String)), transpose, param("values", cty.Map(cty.List(cty.String)))), nil)
	l.define("matchkeys", shape([]function.Parameter{
		param("values", cty.List(anything)), param("keys", cty.List(anything)), param("searchset", cty.List(anything)),
	}, nil), matchkeys)
	l.define("one", shape([]function.Parameter{param("list", anything)}, nil), one)
	l.define("alltrue", fixed(cty.Bool, nil, param("list", cty.List(cty.Bool))), truth(true))
	l.define("anytrue", fixed(cty.Bool, nil, param("list", cty.List(cty.Bool))), truth(false))
	l.define("coalesce", shape(nil, &rest), coalesce)
	l.define("coalescelist", shape(nil, &rest), coalesceList)
}

// structural runs where the collection itself is known, whatever its elements are.
func structural(c *call) (cty.Value, error) {
	for i, arg := range c.args {
		bare, _ := arg.Unmark()
		if !bare.IsKnown() || hole.IsOpen(arg) || i > 0 && hole.In(arg) {
			return cty.NilVal, nil
		}
	}
	return c.keep()
}

func slice(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	end := c.number(2)
	if !bare.IsKnown() || end == nil || c.number(1) == nil || !isSequence(bare.Type()) {
		return cty.NilVal, nil
	}
	if *end > c.certain(c.args[0]) && hole.IsOpen(c.args[0]) {
		return c.holeOf(cty.DynamicPseudoType), nil
	}
	return c.keep()
}

func element(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	i := c.number(1)
	if !bare.IsKnown() || i == nil || !bare.Type().IsListType() && !bare.Type().IsTupleType() {
		return cty.NilVal, nil
	}
	if !hole.IsOpen(c.args[0]) {
		return c.keep()
	}
	if certain := c.certain(c.args[0]); *i == certain && c.standing(c.args[0]) {
		return elements(bare)[certain], nil
	} else if *i < 0 || *i >= certain {
		return c.holeOf(elementType(bare.Type())), nil
	}
	return bare.Index(cty.NumberIntVal(int64(*i))).WithMarks(washed(c.args[0].Marks())), nil
}

// elementType is the type that all elements have.
func elementType(ty cty.Type) cty.Type {
	switch {
	case ty.IsCollectionType():
		return ty.ElementType()
	case ty.IsTupleType() && ty.Length() > 0:
		first := ty.TupleElementType(0)
		for _, other := range ty.TupleElementTypes() {
			if !other.Equals(first) {
				return cty.DynamicPseudoType
			}
		}
		return first
	}
	return cty.DynamicPseudoType
}

// standing tells whether the first element of an open list that is not certain is of a resource of which the number is
// not known: what refers to it refers to the resource.
func (l *library) standing(list cty.Value) bool {
	bare, _ := list.Unmark()
	if !hole.IsOpen(list) || !isSequence(bare.Type()) {
		return false
	}
	at := l.certain(list)
	if at >= bare.LengthInt() {
		return false
	}
	h, ok := l.holes.Of(elements(bare)[at])
	return ok && h.Leaf != nil
}

func length(c *call) (cty.Value, error) {
	bare, marks := c.args[0].Unmark()
	ty := bare.Type()
	kept := cty.ValueMarks{}
	if _, ok := marks[Sensitive{}]; ok {
		kept[Sensitive{}] = struct{}{}
	}
	switch {
	case ty == cty.String:
		if bare.IsKnown() && !hole.InText(bare.AsString()) {
			n, err := stdlib.Strlen(bare)
			return n.WithMarks(kept), err
		}
	case ty.IsTupleType() && !hole.IsOpen(c.args[0]):
		return cty.NumberIntVal(int64(len(ty.TupleElementTypes()))).WithMarks(kept), nil
	case ty.IsObjectType() && !hole.IsOpen(c.args[0]):
		if !holeKeys(ty) || len(ty.AttributeTypes()) == 1 {
			return cty.NumberIntVal(int64(len(ty.AttributeTypes()))).WithMarks(kept), nil
		}
	case ty.IsCollectionType():
		if !bare.IsKnown() || hole.IsOpen(c.args[0]) {
			break
		}
		if n := bare.Length(); n.IsKnown() && (bare.LengthInt() < 2 || !ty.IsSetType() && !ty.IsMapType() || !hole.In(bare)) {
			return n.WithMarks(kept), nil
		} else if ty.IsMapType() && !mapHoleKeys(bare) {
			return n.WithMarks(kept), nil
		}
	case ty != cty.DynamicPseudoType && !ty.IsTupleType() && !ty.IsObjectType():
		return cty.NilVal, errors.New("argument must be a string, a collection type, or a structural type")
	}
	return c.holeOf(cty.Number), nil
}

func holeKeys(ty cty.Type) bool {
	for name := range ty.AttributeTypes() {
		if hole.InText(name) {
			return true
		}
	}
	return false
}

func mapHoleKeys(v cty.Value) bool {
	for it := v.ElementIterator(); it.Next(); {
		if key, _ := it.Element(); hole.InText(key.AsString()) {
			return true
		}
	}
	return false
}

// same compares two values: maybe where a hole in one may stand for what the other has.
func same(a, b cty.Value) verdict {
	a, _ = a.UnmarkDeep()
	b, _ = b.UnmarkDeep()
	if hole.In(a) || hole.In(b) {
		if a.IsWhollyKnown() && b.IsWhollyKnown() && a.RawEquals(b) {
			return yes
		}
		if a.Type() == cty.String && b.Type() == cty.String && a.IsKnown() && b.IsKnown() && !a.IsNull() && !b.IsNull() {
			if begins(a.AsString(), b.AsString()) == no && begins(b.AsString(), a.AsString()) == no ||
				ends(a.AsString(), b.AsString()) == no && ends(b.AsString(), a.AsString()) == no {
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
	answer := no
	if hole.IsOpen(list) {
		answer = maybe
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		switch same(element, wanted) {
		case yes:
			return c.marked(cty.True), nil
		case maybe:
			answer = maybe
		}
	}
	if answer == no {
		return c.marked(cty.False), nil
	}
	return cty.NilVal, nil
}

func index(c *call) (cty.Value, error) {
	list, wanted := c.args[0], c.args[1]
	bare, _ := list.Unmark()
	if !bare.IsKnown() {
		return c.holeOf(cty.Number), nil
	}
	if !bare.Type().IsListType() && !bare.Type().IsTupleType() {
		return cty.NilVal, errors.New("argument must be a list or tuple")
	}
	if bare.LengthInt() == 0 {
		return cty.NilVal, errors.New("cannot search an empty list")
	}
	limit := c.certain(list)
	i := 0
	for it := bare.ElementIterator(); it.Next(); i++ {
		_, element := it.Element()
		if i >= limit {
			return c.holeOf(cty.Number), nil
		}
		switch same(element, wanted) {
		case yes:
			return c.marked(cty.NumberIntVal(int64(i))), nil
		case maybe:
			return c.holeOf(cty.Number), nil
		}
	}
	return cty.NilVal, errors.New("item not found")
}

func matchkeys(c *call) (cty.Value, error) {
	for _, arg := range c.args {
		bare, _ := arg.Unmark()
		if !bare.IsKnown() || hole.IsOpen(arg) {
			return c.holeOf(c.args[0].Type()), nil
		}
	}
	if c.args[0].Type().ElementType() == cty.DynamicPseudoType && c.plain(0).LengthInt() == 0 {
		return c.marked(cty.ListValEmpty(cty.DynamicPseudoType)), nil
	}
	values, keys, search := elements(c.args[0]), elements(c.args[1]), elements(c.args[2])
	if len(values) != len(keys) {
		return cty.NilVal, errors.New("length of keys and values should be equal")
	}
	s := &sequence{call: c}
	for i, key := range keys {
		answer := no
		for _, one := range search {
			if to, err := convert.Convert(one, key.Type()); err == nil {
				one = to
			}
			if v := same(key, one); v == yes || v == maybe && answer == no {
				answer = v
			}
		}
		if answer == maybe {
			return c.holeOf(c.args[0].Type()), nil
		}
		if answer == yes {
			s.elements = append(s.elements, values[i])
		}
	}
	v, err := s.list(c.args[0].Type().ElementType())
	if err != nil {
		return cty.NilVal, err
	}
	return c.marked(v), nil
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

func one(c *call) (cty.Value, error) {
	bare, marks := c.args[0].Unmark()
	ty := bare.Type()
	if !isSequence(ty) && ty != cty.DynamicPseudoType {
		return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
	}
	element := elementType(ty)
	if c.standing(c.args[0]) && bare.LengthInt() == 1 {
		return elements(bare)[0], nil
	}
	if !bare.IsKnown() && !ty.IsTupleType() || hole.IsOpen(c.args[0]) || !bare.IsNull() && ty.IsSetType() && !bare.Length().IsKnown() {
		return c.holeOf(element), nil
	}
	if ty.IsSetType() && bare.LengthInt() > 1 && hole.In(bare) {
		return c.holeOf(element), nil
	}
	switch bare.LengthInt() {
	case 0:
		return cty.NullVal(element).WithMarks(marks), nil
	case 1:
		if !bare.IsKnown() {
			return c.at(c.args[0], 0, ty.TupleElementTypes()[0]), nil
		}
		return elements(bare)[0].WithMarks(marks), nil
	}
	return cty.NilVal, function.NewArgErrorf(0, "must be a list, set, or tuple value with either zero or one elements")
}

// truth decides as soon as one element does.
func truth(all bool) rule {
	return func(c *call) (cty.Value, error) {
		bare, _ := c.args[0].Unmark()
		if !bare.IsKnown() {
			return c.holeOf(cty.Bool), nil
		}
		unknown := hole.IsOpen(c.args[0])
		for _, element := range elements(bare) {
			plain, _ := element.Unmark()
			switch {
			case !plain.IsKnown():
				unknown = true
			case plain.IsNull():
				if all {
					return c.marked(cty.False), nil
				}
			case plain.True() != all:
				return c.marked(cty.BoolVal(!all)), nil
			}
		}
		if unknown {
			return c.holeOf(cty.Bool), nil
		}
		return c.marked(cty.BoolVal(all)), nil
	}
}

// coalesce takes a hole for a value that is neither null nor empty.
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
		v, err := c.fit(arg, ty)
		if err != nil {
			return cty.NilVal, function.NewArgError(i, err)
		}
		bare, _ := v.Unmark()
		if bare.IsKnown() && (bare.IsNull() || ty == cty.String && bare.RawEquals(cty.StringVal(""))) {
			continue
		}
		for _, other := range c.args {
			if sensitiveInside(other) {
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
			return c.holeOf(cty.DynamicPseudoType), nil
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
				return c.holeOf(cty.DynamicPseudoType), nil
			}
		}
		return arg, nil
	}
	return cty.NilVal, errors.New("no non-null arguments")
}

func transpose(args []cty.Value) (cty.Value, error) {
	out := map[string][]cty.Value{}
	for it := args[0].ElementIterator(); it.Next(); {
		key, list := it.Element()
		if list.IsNull() {
			return cty.NilVal, errors.New("input must not contain null list")
		}
		for _, element := range elements(list) {
			if element.IsNull() {
				return cty.NilVal, errors.New("input must not contain any null string")
			}
			out[element.AsString()] = append(out[element.AsString()], key)
		}
	}
	if len(out) == 0 {
		return cty.MapValEmpty(cty.List(cty.String)), nil
	}
	result := map[string]cty.Value{}
	for key, list := range out {
		result[key] = cty.ListVal(list)
	}
	return cty.MapVal(result), nil
}

func indexText(i any) string { return fmt.Sprintf("[%v]", i) }
