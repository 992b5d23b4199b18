package budget

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Terraform calculates with 512 bits. A number outside these limits takes megabytes of digits when it is written out,
// although no argument of a resource accepts it.
const (
	maxExponent = 5000
	maxBits     = 16_384
	// MaxDigits limits the digits of a number in a text.
	MaxDigits = 10_000
)

// Created charges a new value.
func (b *Budget) Created(v cty.Value) {
	b.Visited(v)
	if bare, _ := v.Unmark(); bare.Type() == cty.String && bare.IsKnown() && !bare.IsNull() {
		b.Bytes(len(bare.AsString()))
	}
}

// Emitted charges a value of the response, which contains it twice: as a planned value and in the expressions. JSON has
// no infinite numbers.
func (b *Budget) Emitted(v cty.Value) {
	b.finite = true
	defer func() { b.finite = false }()
	bytes := b.Visited(v)
	b.output(bytes)
	b.output(bytes)
}

// Visited charges one visit of each part of a value, and returns the length of all strings in it. It fails if the value
// is too large, or if it contains a number outside the supported range.
func (b *Budget) Visited(v cty.Value) (bytes int) { return b.visits(v, 1) }

// Argument charges an argument of a function, which is visited before and during the call.
func (b *Budget) Argument(v cty.Value) (bytes int) { return b.visits(v, 2) }

func (b *Budget) visits(v cty.Value, times int) (bytes int) {
	left := b.Parts
	bytes = b.visit(v, &left)
	if left < 0 {
		b.FailParts()
	}
	b.spend(times * (b.Parts - left))
	b.Work(times * bytes)
	return bytes
}

func (b *Budget) visit(v cty.Value, left *int) (bytes int) {
	if *left--; *left < 0 {
		return 0
	}
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return 0
	}
	switch ty := bare.Type(); {
	case ty == cty.String:
		return len(bare.AsString())
	case ty == cty.Number:
		b.checkNumber(bare.AsBigFloat())
	case bare.CanIterateElements():
		for it := bare.ElementIterator(); it.Next() && *left >= 0; {
			_, element := it.Element()
			bytes += b.visit(element, left)
		}
	}
	return bytes
}

func (b *Budget) checkNumber(n *big.Float) {
	if n.IsInf() {
		if b.finite {
			b.FailNumber()
		}
		return
	}
	// A decimal exponent of 1 is a binary exponent of about 3.32.
	exponent := n.MantExp(nil) * 100 / 332
	if exponent > maxExponent || exponent < -maxExponent || n.MinPrec() > maxBits {
		b.FailNumber()
	}
}

// FailNumber ends the evaluation because a number is outside the supported range.
func (b *Budget) FailNumber() {
	b.fail(&Exceeded{Reason: "a number is outside the range from 1e-" + strconv.Itoa(maxExponent) + " to 1e" +
		strconv.Itoa(maxExponent) + ", or has more than " + digits(MaxDigits) + " digits", Remedy: "Use a smaller exponent, or fewer digits."})
}

// Number fails if a text is a number outside the supported range. It leaves other texts to the parser.
func (b *Budget) Number(text string) {
	end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789+-._", r) })
	if end < 0 {
		end = len(text)
	}
	if end > MaxDigits {
		b.FailNumber()
	}
	if end == 0 || end == len(text) || !strings.ContainsRune("eEpP", rune(text[end])) {
		return
	}
	exponent := strings.TrimLeft(text[end+1:], "+-0")
	if strings.Trim(exponent, "0123456789_") == "" && (len(exponent) > 4 || len(exponent) == 4 && exponent > strconv.Itoa(maxExponent)) {
		b.FailNumber()
	}
}

// Conversion fails if the conversion of a value to a type parses a number outside the supported range.
func (b *Budget) Conversion(v cty.Value, to cty.Type) {
	bare, _ := v.Unmark()
	if to.IsPrimitiveType() && to != cty.Number || to == cty.DynamicPseudoType || !bare.IsKnown() || bare.IsNull() {
		return
	}
	if bare.Type() == cty.String {
		if to == cty.Number {
			b.Number(bare.AsString())
		}
		return
	}
	if !bare.CanIterateElements() {
		return
	}
	for it, at := bare.ElementIterator(), 0; it.Next(); at++ {
		b.spend(1)
		key, element := it.Element()
		b.Conversion(element, elementType(to, key, at))
	}
}

// elementType returns the type of an element of a type, or DynamicPseudoType.
func elementType(of cty.Type, key cty.Value, at int) cty.Type {
	switch {
	case of.IsCollectionType():
		return of.ElementType()
	case of.IsTupleType() && at < of.Length():
		return of.TupleElementType(at)
	case of.IsObjectType() && key.Type() == cty.String && of.HasAttribute(key.AsString()):
		return of.AttributeType(key.AsString())
	}
	return cty.DynamicPseudoType
}

// Digits fails if a text has a run of digits that no number needs. Parsing it takes a time that grows with the square of
// its length.
func (b *Budget) Digits(text string) {
	if LongNumber([]byte(text)) >= 0 {
		b.FailNumber()
	}
}

// LongNumber returns the offset of the first run of more than MaxDigits digits, or -1.
func LongNumber(text []byte) int {
	run := 0
	for at, char := range text {
		switch {
		case char >= '0' && char <= '9' || char == '_' || char == '.':
			if run++; run > MaxDigits {
				return at + 1 - run
			}
		default:
			run = 0
		}
	}
	return -1
}
