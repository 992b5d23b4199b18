package function

import (
	"errors"
	"math/big"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/budget"
)

func (l *library) defineNumbers() {
	for name, f := range map[string]function.Function{
		"abs":    stdlib.AbsoluteFunc,
		"ceil":   stdlib.CeilFunc,
		"floor":  stdlib.FloorFunc,
		"log":    stdlib.LogFunc,
		"max":    stdlib.MaxFunc,
		"min":    stdlib.MinFunc,
		"pow":    stdlib.PowFunc,
		"signum": stdlib.SignumFunc,
	} {
		l.define(name, f, nil)
	}
	l.define("parseint", stdlib.ParseIntFunc, func(c *call) (cty.Value, error) {
		if text := c.stringArgument(0); text != nil && len(*text) > budget.MaxDigits {
			c.budget.FailNumber()
		}
		return cty.NilVal, nil
	})
	l.define("sum", typedFunction(cty.Number, sum, param("list", cty.DynamicPseudoType)), func(c *call) (cty.Value, error) {
		c.budget.Conversion(c.args[0], cty.List(cty.Number))
		return cty.NilVal, nil
	})
	l.define("range", stdlib.RangeFunc, nil)
}

// sum adds numbers. The rule of the function has checked their range.
func sum(args []cty.Value) (cty.Value, error) {
	list := args[0]
	if !list.CanIterateElements() {
		return cty.NilVal, function.NewArgErrorf(0, "cannot sum noniterable")
	}
	if list.LengthInt() == 0 {
		return cty.NilVal, function.NewArgErrorf(0, "cannot sum an empty list")
	}
	ty := list.Type()
	if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
		return cty.NilVal, function.NewArgErrorf(0, "argument must be list, set, or tuple. Received %s", ty.FriendlyName())
	}
	notNumbers := function.NewArgErrorf(0, "argument must be list, set, or tuple of number values")
	total := new(big.Float)
	for it := list.ElementIterator(); it.Next(); {
		_, element := it.Element()
		number, err := convert.Convert(element, cty.Number)
		if err != nil || number.IsNull() {
			return cty.NilVal, notNumbers
		}
		if total.IsInf() && number.AsBigFloat().IsInf() && total.Sign() != number.AsBigFloat().Sign() {
			return cty.NilVal, errors.New("can't compute sum of opposing infinities")
		}
		total = cty.NumberVal(total).Add(number).AsBigFloat()
	}
	return cty.NumberVal(total), nil
}
