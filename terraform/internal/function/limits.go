package function

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Keywarden evaluates modules that nobody has reviewed, so no call is allowed to exhaust the memory.
const (
	maxStringBytes = 10 << 20
	maxElements    = 1_000_000
)

func tooLong() error { return fmt.Errorf("the result would be longer than %d bytes", maxStringBytes) }

func tooMany() error { return fmt.Errorf("the result would have more than %d elements", maxElements) }

// checkResult enforces the size limits, and adds a hole to a result that is unknown without one.
func (c *call) checkResult(v cty.Value, err error) (cty.Value, error) {
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		problem, panicked := strings.CutPrefix(first, "panic in function implementation: ")
		switch {
		case !panicked:
			return cty.NilVal, err
		case c.hasPartialArgument():
			return c.unknownOf(cty.DynamicPseudoType), nil
		}
		// The stack trace is cut off.
		return cty.NilVal, errors.New(problem)
	}
	if bare, _ := v.Unmark(); !bare.IsKnown() {
		if _, ok := c.holes.HoleOf(v); !ok {
			return c.unknownOf(bare.Type()), nil
		}
	}
	return checkSize(c.unknownStringsAsPlaceholders(v))
}

// checkSize rejects a result that is too large. Functions whose results can be much larger than their arguments check
// the size beforehand.
func checkSize(v cty.Value) (cty.Value, error) {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return v, nil
	}
	if bare.Type() == cty.String && len(bare.AsString()) > maxStringBytes {
		return cty.NilVal, tooLong()
	}
	if bare.CanIterateElements() && bare.Type() != cty.DynamicPseudoType && bare.Length().IsKnown() && bare.LengthInt() > maxElements {
		return cty.NilVal, tooMany()
	}
	return v, nil
}
