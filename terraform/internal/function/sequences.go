package function

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// sequence collects the elements of a result, and whether all of them are certain.
type sequence struct {
	*call
	elements []cty.Value
	marks    []cty.ValueMarks
	open     *hole.Hole
}

func (s *sequence) opened(v cty.Value) {
	if s.open == nil {
		h, ok := s.why(v)
		if !ok {
			h = hole.Hole{Reason: "not known", Expression: s.describe(s.args...)}
		}
		s.open = &h
	}
}

// add adds the elements of a list, set or tuple; for one that is not known, a hole that stands for them.
func (s *sequence) add(list cty.Value) {
	bare, marks := list.Unmark()
	if !bare.IsKnown() {
		if ty := bare.Type(); ty.IsTupleType() {
			for i, element := range ty.TupleElementTypes() {
				s.elements = append(s.elements, s.at(list, i, element))
			}
			return
		}
		s.opened(list)
		s.elements = append(s.elements, s.elementOf(list))
		return
	}
	s.marks = append(s.marks, marks)
	if hole.IsOpen(list) {
		s.opened(list)
	}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		s.elements = append(s.elements, element)
	}
}

// at is the element of a tuple that is not known.
func (l *library) at(tuple cty.Value, i int, ty cty.Type) cty.Value {
	h, _ := l.why(tuple)
	return l.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + indexText(i)}, ty)
}

func (s *sequence) finish(v cty.Value) cty.Value {
	v = v.WithMarks(s.marks...)
	if s.open != nil {
		v = s.holes.Open(v, *s.open)
	}
	return v
}

// list is the result as a list of one type, where the elements have it.
func (s *sequence) list(element cty.Type) (cty.Value, error) {
	if len(s.elements) == 0 {
		return s.finish(cty.ListValEmpty(element)), nil
	}
	for i, v := range s.elements {
		fitted, err := s.fit(v, element)
		if err != nil {
			return cty.NilVal, err
		}
		s.elements[i] = fitted
	}
	return s.finish(cty.ListVal(s.elements)), nil
}

func (s *sequence) tuple() cty.Value { return s.finish(cty.TupleVal(s.elements)) }

func isSequence(ty cty.Type) bool { return ty.IsListType() || ty.IsTupleType() || ty.IsSetType() }

// concat keeps the elements that are known; a list that is not known is one element, and the result is open.
func concat(c *call) (cty.Value, error) {
	if len(c.args) == 0 || !c.partial() {
		return c.keep()
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
	if !c.partial() {
		return c.keep()
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
			// Possibly a list of its own.
			s.opened(element)
			s.elements = append(s.elements, element)
		default:
			s.elements = append(s.elements, element)
		}
	}
}

// sifted are the elements of the first argument, and the sequence for those that stay: it has the argument's marks.
func sifted(c *call) (*sequence, []cty.Value) {
	s := &sequence{call: c}
	s.add(c.args[0])
	all := s.elements
	s.elements = nil
	return s, all
}

// distinct compares as they stand: holes may be the same as other elements.
func distinct(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	s, all := sifted(c)
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
		s.opened(c.args[0])
	}
	return s.list(bare.Type().ElementType())
}

// compact keeps holes, which may be empty.
func compact(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	s, all := sifted(c)
	for _, element := range all {
		plain, _ := element.Unmark()
		switch {
		case !plain.IsKnown():
			s.opened(element)
		case plain.IsNull() || plain.AsString() == "":
			continue
		case hole.IsWhole(plain.AsString()):
			s.opened(element)
		}
		s.elements = append(s.elements, element)
	}
	return s.list(cty.String)
}

func reverse(c *call) (cty.Value, error) {
	if bare, _ := c.args[0].Unmark(); !bare.IsKnown() {
		return cty.NilVal, nil
	}
	return c.keep()
}

// certain is how many elements at the start of a list are certain to stand where they stand.
func (l *library) certain(list cty.Value) int {
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
