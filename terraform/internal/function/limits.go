package function

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Configurations are read that nobody has reviewed: no call may take all memory.
const (
	maxText     = 10 << 20
	maxElements = 1_000_000
)

func tooLong() error { return fmt.Errorf("the result would be longer than %d bytes", maxText) }

func tooMany() error { return fmt.Errorf("the result would have more than %d elements", maxElements) }

// checked is the result of a call: not too large, and with a hole where it is not known.
func (c *call) checked(v cty.Value, err error) (cty.Value, error) {
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		problem, panicked := strings.CutPrefix(first, "panic in function implementation: ")
		switch {
		case !panicked:
			return cty.NilVal, err
		case c.partial():
			return c.holeOf(cty.DynamicPseudoType), nil
		}
		// Without the stack.
		return cty.NilVal, errors.New(problem)
	}
	if bare, _ := v.Unmark(); !bare.IsKnown() {
		if _, ok := c.holes.Of(v); !ok {
			return c.holeOf(bare.Type()), nil
		}
	}
	return bounded(c.settled(v))
}

// bounded refuses a result that is too large. Functions whose results can be far larger than their arguments count
// beforehand.
func bounded(v cty.Value) (cty.Value, error) {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return v, nil
	}
	if bare.Type() == cty.String && len(bare.AsString()) > maxText {
		return cty.NilVal, tooLong()
	}
	if bare.CanIterateElements() && bare.Type() != cty.DynamicPseudoType && bare.Length().IsKnown() && bare.LengthInt() > maxElements {
		return cty.NilVal, tooMany()
	}
	return v, nil
}
