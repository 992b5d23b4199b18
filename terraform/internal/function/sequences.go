package function

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// sequence collects the elements of a result and records whether all of them are certain.
type sequence struct {
	*call
	elements []cty.Value
	marks    []cty.ValueMarks
	open     *hole.Hole
}

func (s *sequence) markOpen(v cty.Value) {
	if s.open == nil {
		h, ok := s.cause(v)
		if !ok {
			h = hole.Hole{Reason: "not known", Expression: s.describe(s.texts()...)}
		}
		s.open = &h
	}
}

// add appends the elements of a list, set or tuple. An unknown collection adds one hole that represents its elements.
func (s *sequence) add(list cty.Value) {
	bare, marks := list.Unmark()
	if !bare.IsKnown() {
		if ty := bare.Type(); ty.IsTupleType() {
			for i, element := range ty.TupleElementTypes() {
				s.elements = append(s.elements, s.tupleElement(list, i, element))
			}
			return
		}
		s.markOpen(list)
		s.elements = append(s.elements, s.unknownElement(list))
		return
	}
	s.marks = append(s.marks, marks)
	if hole.IsOpen(list) {
		s.markOpen(list)
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		s.elements = append(s.elements, element)
	}
}

// tupleElement returns a hole for an element of an unknown tuple.
func (l *library) tupleElement(tuple cty.Value, i int, ty cty.Type) cty.Value {
	h, _ := l.cause(tuple)
	return l.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + indexText(i)}, ty)
}

func (s *sequence) finish(v cty.Value) cty.Value {
	v = v.WithMarks(s.marks...)
	if s.open != nil {
		v = s.holes.Open(v, *s.open)
	}
	return v
}

// list returns the result as a list of the given element type.
func (s *sequence) list(element cty.Type) (cty.Value, error) {
	if len(s.elements) == 0 {
		return s.finish(cty.ListValEmpty(element)), nil
	}
	for i, v := range s.elements {
		fitted, err := s.convertArgument(v, element)
		if err != nil {
			return cty.NilVal, err
		}
		s.elements[i] = fitted
	}
	return s.finish(cty.ListVal(s.elements)), nil
}

func (s *sequence) tuple() cty.Value { return s.finish(cty.TupleVal(s.elements)) }

func isSequence(ty cty.Type) bool { return ty.IsListType() || ty.IsTupleType() || ty.IsSetType() }

// concat keeps the known elements. An unknown list adds one element, and makes the result open.
func concat(c *call) (cty.Value, error) {
	if len(c.args) == 0 || !c.hasPartialArgument() {
		return c.runMarked()
	}
	s := &sequence{call: c}
	types := []cty.Type{}
	for i, arg := range c.args {
		ty := arg.Type()
		if !ty.IsListType() && !ty.IsTupleType() && ty != cty.DynamicPseudoType {
			return cty.NilVal, function.NewArgErrorf(i, "all arguments must be lists or tuples; got %s", ty.FriendlyName())
		}
		if ty.IsListType() {
			types = append(types, ty)
		}
		s.add(arg)
	}
	if len(types) == len(c.args) {
		if common, _ := convert.UnifyUnsafe(types); common != cty.NilType && common.ElementType() != cty.DynamicPseudoType {
			return s.list(common.ElementType())
		}
	}
	return s.tuple(), nil
}

func flatten(c *call) (cty.Value, error) {
	if !c.hasPartialArgument() {
		return c.runMarked()
	}
	list := c.args[0]
	bare, _ := list.Unmark()
	if !bare.IsKnown() && !bare.Type().IsTupleType() {
		return cty.NilVal, nil
	}
	if !isSequence(bare.Type()) {
		return cty.NilVal, function.NewArgErrorf(0, "can only flatten lists, sets and tuples")
	}
	s := &sequence{call: c}
	s.flatten(list)
	return s.tuple(), nil
}

func (s *sequence) flatten(list cty.Value) {
	outer := &sequence{call: s.call}
	outer.add(list)
	s.marks = append(s.marks, outer.marks...)
	if outer.open != nil && s.open == nil {
		s.open = outer.open
	}
	for _, element := range outer.elements {
		bare, _ := element.Unmark()
		switch ty := bare.Type(); {
		case isSequence(ty) && !bare.IsNull():
			s.flatten(element)
		case ty == cty.DynamicPseudoType && !bare.IsKnown():
			// The element can be a list at run time.
			s.markOpen(element)
			s.elements = append(s.elements, element)
		default:
			s.elements = append(s.elements, element)
		}
	}
}

// elementsToFilter returns the elements of the first argument, and a sequence with its marks for the elements that
// remain.
func elementsToFilter(c *call) (*sequence, []cty.Value) {
	s := &sequence{call: c}
	s.add(c.args[0])
	all := s.elements
	s.elements = nil
	return s, all
}

// distinct compares placeholders literally. The result is open because a hole can equal another element.
func distinct(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	s, all := elementsToFilter(c)
	seen := map[int][]cty.Value{}
	for _, element := range all {
		deep, _ := element.UnmarkDeep()
		key := deep.Hash()
		duplicate := false
		for _, other := range seen[key] {
			duplicate = duplicate || other.RawEquals(deep)
		}
		if !deep.IsWhollyKnown() {
			duplicate = false
		}
		if !duplicate {
			seen[key] = append(seen[key], deep)
			s.elements = append(s.elements, element)
		}
	}
	if len(s.elements) > 1 && hole.In(c.args[0]) {
		s.markOpen(c.args[0])
	}
	return s.list(bare.Type().ElementType())
}

// compact keeps holes, which can be empty at run time, and makes the result open.
func compact(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	s, all := elementsToFilter(c)
	for _, element := range all {
		plain, _ := element.Unmark()
		switch {
		case !plain.IsKnown():
			s.markOpen(element)
		case plain.IsNull() || plain.AsString() == "":
			continue
		case hole.IsWhole(plain.AsString()):
			s.markOpen(element)
		}
		s.elements = append(s.elements, element)
	}
	return s.list(cty.String)
}

func reverse(c *call) (cty.Value, error) {
	if bare, _ := c.args[0].Unmark(); !bare.IsKnown() {
		return cty.NilVal, nil
	}
	return c.runMarked()
}

// certainLength returns how many leading elements of a list certainly have their index.
func (l *library) certainLength(list cty.Value) int {
	bare, _ := list.Unmark()
	if !hole.IsOpen(list) {
		return bare.LengthInt()
	}
	n := 0
	for it := bare.ElementIterator(); it.Next(); n++ {
		if _, element := it.Element(); hole.In(element) {
			break
		}
	}
	return n
}

func indexText(i any) string { return fmt.Sprintf("[%v]", i) }
