package function

import (
	"errors"
	"fmt"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/budget"
)

// Keywarden evaluates modules that nobody has reviewed, so no call is allowed to exhaust the memory. Functions whose
// results can be much larger than their arguments check the size beforehand.
var (
	maxStringBytes = budget.Default().Text
	maxElements    = budget.Default().Parts
)

// The budget turns these errors into an excess, which `try` does not hide.
var (
	errTooLong = errors.New("the result is too long")
	errTooMany = errors.New("the result has too many elements")
	errTooDeep = errors.New("the value is nested too deeply")
)

func tooLong() error { return errTooLong }

func tooMany() error { return errTooMany }

// operationsPerByte lists how many elementary operations a function takes per byte of its arguments, if these are more
// than a few: it parses, compresses, or searches for the boundaries of characters.
var operationsPerByte = map[string]int{
	"base64gzip": 50, "csvdecode": 25, "format": 2, "formatlist": 2, "jsondecode": 25, "length": 20, "md5": 5, "sha1": 5,
	"sha256": 5, "sha512": 5, "base64sha256": 5, "base64sha512": 5, "strrev": 50, "substr": 50, "title": 10,
	"urlencode": 10, "yamldecode": 150, "yamlencode": 50, "provider::terraform::decode_tfvars": 150,
	"provider::terraform::encode_expr": 50, "provider::terraform::encode_tfvars": 50, "bcrypt": 5,
}

// builders lists the functions whose results are collections of new strings, not of their arguments.
var builders = map[string]bool{"csvdecode": true, "formatlist": true, "jsondecode": true, "regex": true, "regexall": true,
	"split": true, "yamldecode": true, "cidrsubnets": true, "provider::terraform::decode_tfvars": true}

// chargeArgument charges the visits of an argument, and its conversion.
func (c *call) chargeArgument(arg cty.Value, to cty.Type) {
	bytes := c.budget.Argument(arg)
	c.budget.WorkOf(bytes, operationsPerByte[strings.TrimPrefix(c.name, "core::")])
	c.budget.Conversion(arg, to)
}

// charged charges the result of a call, and ends the evaluation if the result exceeds a limit.
func (c *call) charged(v cty.Value, err error) (cty.Value, error) {
	switch {
	case errors.Is(err, errTooLong):
		c.budget.FailLength()
	case errors.Is(err, errTooMany):
		c.budget.FailParts()
	case errors.Is(err, errTooDeep):
		c.budget.Fail(fmt.Sprintf("a value is nested more than %d levels deep", maxDepth))
	}
	c.budget.Check()
	if err != nil {
		return cty.NilVal, err
	}
	bytes := c.budget.Visited(v)
	if bare, _ := v.Unmark(); bare.Type() == cty.String || builders[strings.TrimPrefix(c.name, "core::")] {
		c.budget.Bytes(bytes)
	}
	return v, nil
}

// checkResult adds a hole to a result that is unknown without one.
func (c *call) checkResult(v cty.Value, err error) (cty.Value, error) {
	if err != nil {
		switch {
		case !strings.HasPrefix(err.Error(), "panic in function implementation"):
			return cty.NilVal, err
		case c.hasPartialArgument():
			return c.unknownOf(cty.DynamicPseudoType), nil
		}
		// The libraries panic for some arguments, such as log(0, 0).
		return cty.NilVal, errors.New("the function " + c.name + " fails for these arguments")
	}
	if bare, _ := v.Unmark(); !bare.IsKnown() {
		if _, ok := c.holes.HoleOf(v); !ok {
			return c.unknownOf(bare.Type()), nil
		}
	}
	return c.unknownStringsAsPlaceholders(v), nil
}
