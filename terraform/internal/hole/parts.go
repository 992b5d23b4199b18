package hole

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Part is a literal piece of a string, or a hole.
type Part struct {
	// Text is the literal, or the placeholder of the hole.
	Text string
	Hole bool
	// Number is the number of the hole.
	Number int
}

// Parts splits a string into literals and holes.
func Parts(text string) []Part {
	var parts []Part
	literal := func(piece string) {
		if piece != "" {
			parts = append(parts, Part{Text: piece})
		}
	}
	for {
		start := strings.Index(text, Open)
		if start < 0 {
			literal(text)
			return parts
		}
		digits, rest, closed := strings.Cut(text[start+len(Open):], Close)
		number, err := strconv.Atoi(digits)
		if !closed || err != nil {
			literal(text)
			return parts
		}
		literal(text[:start])
		parts = append(parts, Part{Text: placeholder(number), Hole: true, Number: number})
		text = rest
	}
}

// ByNumber returns the hole with the given number.
func (t *Table) ByNumber(number int) Hole {
	if number < 0 || number >= len(t.holes) {
		return Hole{Reason: "not known"}
	}
	return t.holes[number]
}

// Open marks a known collection whose contents are uncertain. An open collection has an element (or a key) that is a
// hole and represents any number of elements, holes that can be equal to each other, or an order that depends on a
// hole.
func (t *Table) Open(v cty.Value, h Hole) cty.Value { return v.Mark(mark{t.numberOf(h)}) }

// IsOpen reports whether a known collection is marked by Open. HCL copies the mark to results that it derives from
// the collection. An element that HCL takes out by index has the mark too, and can be at another index at run time.
func IsOpen(v cty.Value) bool {
	bare, marks := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return false
	}
	for m := range marks {
		if _, ok := m.(mark); ok {
			return true
		}
	}
	return false
}

// OpenedBy returns the hole that makes a collection open.
func (t *Table) OpenedBy(v cty.Value) (Hole, bool) {
	found := -1
	for m := range v.Marks() {
		if m, ok := m.(mark); ok && (found < 0 || m.number < found) {
			found = m.number
		}
	}
	if found < 0 {
		return Hole{}, false
	}
	return t.ByNumber(found), true
}
