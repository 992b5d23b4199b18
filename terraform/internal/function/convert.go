package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// convertArgument converts a value to the type of a parameter. Strings with placeholders become unknown numbers and
// booleans.
func (l *library) convertArgument(v cty.Value, want cty.Type) (cty.Value, error) {
	if want == cty.DynamicPseudoType || v.Type().Equals(want) {
		return v, nil
	}
	if list, ok := listOfOneType(v, want); ok {
		return list, nil
	}
	partial := hole.In(v)
	if partial {
		want = commonElementType(v, want)
		v = l.placeholdersForType(v, want)
	}
	out, err := convert.Convert(v, want)
	if err != nil && partial && hasUnknownType(v) {
		h, _ := l.holes.HoleOf(v)
		return l.holes.Value(h, want), nil
	}
	if err != nil {
		return cty.NilVal, err
	}
	return l.unknownStringsAsPlaceholders(out), nil
}

// commonElementType returns the collection type for a parameter that accepts any element type. The known elements
// determine the element type, which unknown elements then get as well.
func commonElementType(v cty.Value, want cty.Type) cty.Type {
	bare, _ := v.Unmark()
	ty := bare.Type()
	if !bare.IsKnown() || bare.IsNull() || !want.IsCollectionType() || want.ElementType() != cty.DynamicPseudoType || !ty.IsTupleType() && !ty.IsObjectType() {
		return want
	}
	var types []cty.Type
	for _, element := range elements(bare) {
		if element.Type() != cty.DynamicPseudoType {
			types = append(types, element.Type())
		}
	}
	if len(types) == 0 {
		return want
	}
	if element, _ := convert.UnifyUnsafe(types); element != cty.NilType {
		return sameKind(want, element)
	}
	return want
}

// hasUnknownType reports whether a value contains an unknown value of unknown type.
func hasUnknownType(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, inner cty.Value) (bool, error) {
		bare, _ := inner.Unmark()
		found = found || !bare.IsKnown() && bare.Type().HasDynamicTypes()
		return !found, nil
	})
	return found
}

// listOfOneType converts a tuple whose elements all have the same primitive type to a list. cty compares every pair
// of element types, which is slow.
func listOfOneType(v cty.Value, want cty.Type) (cty.Value, bool) {
	bare, marks := v.Unmark()
	if !want.IsListType() || !bare.Type().IsTupleType() || !bare.IsKnown() || bare.IsNull() || bare.LengthInt() == 0 {
		return cty.NilVal, false
	}
	types := bare.Type().TupleElementTypes()
	for _, ty := range types {
		if !ty.IsPrimitiveType() || !ty.Equals(types[0]) {
			return cty.NilVal, false
		}
	}
	if element := want.ElementType(); element != cty.DynamicPseudoType && !element.Equals(types[0]) {
		return cty.NilVal, false
	}
	return cty.ListVal(bare.AsValueSlice()).WithMarks(marks), true
}

// unknownStringsAsPlaceholders replaces each unknown string by the placeholder of its hole.
func (l *library) unknownStringsAsPlaceholders(v cty.Value) cty.Value {
	if v.IsWhollyKnown() {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, inner cty.Value) (cty.Value, error) {
		if bare, _ := inner.Unmark(); bare.IsKnown() || bare.Type() != cty.String {
			return inner, nil
		}
		return l.placeholderFor(inner), nil
	})
	if err != nil {
		return v
	}
	return out
}

// placeholderFor returns the placeholder of an unknown value.
func (l *library) placeholderFor(v cty.Value) cty.Value {
	if _, ok := l.holes.HoleOf(v); !ok {
		return v
	}
	return l.holes.Symbolic(v, hole.Hole{})
}

// placeholdersForType replaces strings with placeholders by unknown values unless the wanted type is a string.
func (l *library) placeholdersForType(v cty.Value, want cty.Type) cty.Value {
	bare, marks := v.Unmark()
	if !bare.IsKnown() && want == cty.String && (bare.Type().IsPrimitiveType() || bare.Type() == cty.DynamicPseudoType) {
		return l.placeholderFor(v)
	}
	if bare.IsNull() || !bare.IsKnown() || want == cty.DynamicPseudoType {
		return v
	}
	if bare.Type() == cty.String {
		text := bare.AsString()
		if want == cty.String || !hole.InString(text) || !want.IsPrimitiveType() && !hole.IsWhole(text) {
			return v
		}
		h, _ := l.holes.HoleOf(bare)
		if !hole.IsWhole(text) {
			h = hole.Hole{Reason: h.Reason, Expression: l.writeString(text)}
		}
		return l.holes.Value(h, want).WithMarks(marks)
	}
	if !bare.CanIterateElements() {
		return v
	}
	element := func(key cty.Value) cty.Type {
		switch {
		case want.IsCollectionType():
			return want.ElementType()
		case want.IsObjectType() && key.Type() == cty.String && want.HasAttribute(key.AsString()):
			return want.AttributeType(key.AsString())
		}
		return cty.DynamicPseudoType
	}
	ty := bare.Type()
	if ty.IsObjectType() || ty.IsMapType() {
		out := map[string]cty.Value{}
		for it := bare.ElementIterator(); it.Next(); {
			key, inner := it.Element()
			out[key.AsString()] = l.placeholdersForType(inner, element(key))
		}
		// This returns an object because element types can differ now. The following conversion turns it into a map.
		return cty.ObjectVal(out).WithMarks(marks)
	}
	var out []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		key, inner := it.Element()
		out = append(out, l.placeholdersForType(inner, element(key)))
	}
	return cty.TupleVal(out).WithMarks(marks)
}
