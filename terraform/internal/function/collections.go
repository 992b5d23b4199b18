package function

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineCollections() {
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
	l.define("length", signature([]function.Parameter{param("value", anything)}, nil), length)
	l.define("index", signature([]function.Parameter{param("list", anything), param("value", anything)}, nil), index)
	l.define("contains", stdlib.ContainsFunc, containsElement)
	l.define("keys", stdlib.KeysFunc, keys)
	l.define("values", stdlib.ValuesFunc, values)
	l.define("lookup", signature([]function.Parameter{param("inputMap", anything), param("key", cty.String)}, &function.Parameter{Name: "default", Type: anything, AllowNull: true}), lookup)
	l.define("merge", stdlib.MergeFunc, merge)
	l.define("zipmap", stdlib.ZipmapFunc, zipmap)
	l.define("transpose", typedFunction(cty.Map(cty.List(cty.String)), transpose, param("values", cty.Map(cty.List(cty.String)))), nil)
	l.define("matchkeys", signature([]function.Parameter{
		param("values", cty.List(anything)), param("keys", cty.List(anything)), param("searchset", cty.List(anything)),
	}, nil), matchkeys)
	l.define("one", signature([]function.Parameter{param("list", anything)}, nil), one)
	l.define("alltrue", typedFunction(cty.Bool, nil, param("list", cty.List(cty.Bool))), allOrAny(true))
	l.define("anytrue", typedFunction(cty.Bool, nil, param("list", cty.List(cty.Bool))), allOrAny(false))
	l.define("coalesce", signature(nil, &rest), coalesce)
	l.define("coalescelist", signature(nil, &rest), coalesceList)
}

// structural applies the function if the collection itself is known, even if its elements are not.
func structural(c *call) (cty.Value, error) {
	for i, arg := range c.args {
		bare, _ := arg.Unmark()
		if !bare.IsKnown() || hole.IsOpen(arg) || i > 0 && hole.In(arg) {
			return cty.NilVal, nil
		}
	}
	return c.runMarked()
}

func slice(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	end := c.intArgument(2)
	if !bare.IsKnown() || end == nil || c.intArgument(1) == nil || !isSequence(bare.Type()) {
		return cty.NilVal, nil
	}
	if *end > c.certainLength(c.args[0]) && hole.IsOpen(c.args[0]) {
		return c.unknownOf(cty.DynamicPseudoType), nil
	}
	return c.runMarked()
}

func element(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	i := c.intArgument(1)
	if !bare.IsKnown() || i == nil || !bare.Type().IsListType() && !bare.Type().IsTupleType() {
		return cty.NilVal, nil
	}
	if !hole.IsOpen(c.args[0]) {
		return c.runMarked()
	}
	if certain := c.certainLength(c.args[0]); *i == certain && c.firstUncertainIsResource(c.args[0]) {
		return elements(bare)[certain], nil
	} else if *i < 0 || *i >= certain {
		return c.unknownOf(elementType(bare.Type())), nil
	}
	return bare.Index(cty.NumberIntVal(int64(*i))).WithMarks(hole.WithoutHoleMarks(c.args[0].Marks())), nil
}

// elementType returns the common type of all elements, or DynamicPseudoType.
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

// firstUncertainIsResource reports whether the first uncertain element of an open list belongs to a resource with an
// unknown number of instances. A reference to that element is a reference to the resource.
func (l *library) firstUncertainIsResource(list cty.Value) bool {
	bare, _ := list.Unmark()
	if !hole.IsOpen(list) || !isSequence(bare.Type()) {
		return false
	}
	at := l.certainLength(list)
	if at >= bare.LengthInt() {
		return false
	}
	h, ok := l.holes.HoleOf(elements(bare)[at])
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
		if bare.IsKnown() && !hole.InString(bare.AsString()) {
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
	return c.unknownOf(cty.Number), nil
}

func holeKeys(ty cty.Type) bool {
	for name := range ty.AttributeTypes() {
		if hole.InString(name) {
			return true
		}
	}
	return false
}

func mapHoleKeys(v cty.Value) bool {
	for it := v.ElementIterator(); it.Next(); {
		if key, _ := it.Element(); hole.InString(key.AsString()) {
			return true
		}
	}
	return false
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
