package function

import (
	"errors"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineSets() {
	l.define("setunion", stdlib.SetUnionFunc, union)
	l.define("setintersection", stdlib.SetIntersectionFunc, nil)
	l.define("setsubtract", stdlib.SetSubtractFunc, subtract)
	l.define("setproduct", stdlib.SetProductFunc, product)
}

// union keeps the known elements of every set.
func union(c *call) (cty.Value, error) {
	if !c.hasPartialArgument() {
		return cty.NilVal, nil
	}
	s := &sequence{call: c}
	var types []cty.Type
	for _, arg := range c.args {
		s.add(arg)
		if element := arg.Type(); element.IsSetType() && element.ElementType() != cty.DynamicPseudoType {
			types = append(types, element.ElementType())
		}
	}
	ty := cty.DynamicPseudoType
	if len(types) > 0 {
		if ty, _ = convert.UnifyUnsafe(types); ty == cty.NilType {
			return cty.NilVal, errors.New("given sets must all have compatible element types")
		}
	}
	for i, element := range s.elements {
		fitted, err := c.convertArgument(element, ty)
		if err != nil {
			return cty.NilVal, err
		}
		s.elements[i] = fitted
		if hole.In(fitted) {
			s.markOpen(fitted)
		}
	}
	if ty == cty.DynamicPseudoType {
		return c.unknownResult()
	}
	return s.finish(cty.SetVal(s.elements)), nil
}

// subtract decides only elements that are certainly in, or certainly not in, the second set.
func subtract(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	other, _ := c.args[1].Unmark()
	if !c.hasPartialArgument() || !bare.IsKnown() || !other.IsKnown() || hole.IsOpen(c.args[1]) || !bare.Type().Equals(other.Type()) {
		return cty.NilVal, nil
	}
	s, all := elementsToFilter(c)
	c.budget.WorkOf(len(all), comparisonCost*other.LengthInt())
	for _, element := range all {
		verdict := no
		for _, removed := range elements(other) {
			if v := compare(element, removed); v == yes || v == maybe && verdict == no {
				verdict = v
			}
		}
		switch verdict {
		case no:
			s.elements = append(s.elements, element)
		case maybe:
			return cty.NilVal, nil
		}
	}
	if len(s.elements) == 0 {
		return s.finish(cty.SetValEmpty(bare.Type().ElementType())), nil
	}
	return s.finish(cty.SetVal(s.elements)), nil
}

// comparisonCost is the number of elementary operations that the comparison of two values takes.
const comparisonCost = 50

func product(c *call) (cty.Value, error) {
	total := 1
	for _, arg := range c.args {
		bare, _ := arg.Unmark()
		if !bare.IsKnown() || hole.IsOpen(arg) || !isSequence(bare.Type()) || !bare.Length().IsKnown() {
			return cty.NilVal, nil
		}
		n := bare.LengthInt()
		if n > 0 && total > maxElements/n {
			return cty.NilVal, tooMany()
		}
		total *= n
	}
	if !c.hasPartialArgument() {
		return cty.NilVal, nil
	}
	return c.runMarked()
}
