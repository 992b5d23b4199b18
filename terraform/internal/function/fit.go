package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// fit converts a value to the type of a parameter; strings with holes become unknown numbers and booleans.
func (l *library) fit(v cty.Value, want cty.Type) (cty.Value, error) {
	if want == cty.DynamicPseudoType || v.Type().Equals(want) {
		return v, nil
	}
	if list, ok := uniform(v, want); ok {
		return list, nil
	}
	partial := hole.In(v)
	if partial {
		want = common(v, want)
		v = l.soften(v, want)
	}
	out, err := convert.Convert(v, want)
	if err != nil && partial && vague(v) {
		h, _ := l.holes.Of(v)
		return l.holes.Value(h, want), nil
	}
	if err != nil {
		return cty.NilVal, err
	}
	return l.settled(out), nil
}

// common is the type of a collection whose elements may be of any one type: that of those that are known, so that the
// others are of it too.
func common(v cty.Value, want cty.Type) cty.Type {
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

// vague tells whether the type of a part is not known.
func vague(v cty.Value) bool {
	found := false
	_ = cty.Walk(v, func(_ cty.Path, inner cty.Value) (bool, error) {
		bare, _ := inner.Unmark()
		found = found || !bare.IsKnown() && bare.Type().HasDynamicTypes()
		return !found, nil
	})
	return found
}

// uniform is a tuple whose elements have one type as a list: cty compares each type with each other, which takes long.
func uniform(v cty.Value, want cty.Type) (cty.Value, bool) {
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

// settled has the text of the hole for each string that is not known.
func (l *library) settled(v cty.Value) cty.Value {
	if v.IsWhollyKnown() {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, inner cty.Value) (cty.Value, error) {
		if bare, _ := inner.Unmark(); bare.IsKnown() || bare.Type() != cty.String {
			return inner, nil
		}
		return l.textual(inner), nil
	})
	if err != nil {
		return v
	}
	return out
}

// textual is the text of the hole of a value.
func (l *library) textual(v cty.Value) cty.Value {
	if _, ok := l.holes.Of(v); !ok {
		return v
	}
	return l.holes.Symbolic(v, hole.Hole{})
}

// soften replaces strings with holes by unknown values where something else than a string is wanted.
func (l *library) soften(v cty.Value, want cty.Type) cty.Value {
	bare, marks := v.Unmark()
	if !bare.IsKnown() && want == cty.String && (bare.Type().IsPrimitiveType() || bare.Type() == cty.DynamicPseudoType) {
		return l.textual(v)
	}
	if bare.IsNull() || !bare.IsKnown() || want == cty.DynamicPseudoType {
		return v
	}
	if bare.Type() == cty.String {
		text := bare.AsString()
		if want == cty.String || !hole.InText(text) || !want.IsPrimitiveType() && !hole.IsWhole(text) {
			return v
		}
		h, _ := l.holes.Of(bare)
		if !hole.IsWhole(text) {
			h = hole.Hole{Reason: h.Reason, Expression: l.writeText(text)}
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
			out[key.AsString()] = l.soften(inner, element(key))
		}
		// An object, as the elements may be of different types now; the conversion that follows makes a map of it.
		return cty.ObjectVal(out).WithMarks(marks)
	}
	var out []cty.Value
	for it := bare.ElementIterator(); it.Next(); {
		key, inner := it.Element()
		out = append(out, l.soften(inner, element(key)))
	}
	return cty.TupleVal(out).WithMarks(marks)
}
