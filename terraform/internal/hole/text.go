package hole

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Part is a piece of a text: written out, or a hole.
type Part struct {
	Text string // as it stands in the text, also that of a hole
	Hole bool
	// Number is that of the hole.
	Number int
}

// Parts are the pieces of a text, in order.
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
		parts = append(parts, Part{Text: textOf(number), Hole: true, Number: number})
		text = rest
	}
}

// Numbered is the hole of a number.
func (t *Table) Numbered(number int) Hole {
	if number < 0 || number >= len(t.holes) {
		return Hole{Reason: "not known"}
	}
	return t.holes[number]
}

// Open marks a known collection whose elements are not all certain: it has an element (of an object or map, a key) that
// is a hole and stands for any number of them, or holes of which some may be the same, or an order that hangs on one.
func (t *Table) Open(v cty.Value, h Hole) cty.Value { return v.Mark(mark{t.numberOf(h)}) }

// IsOpen tells whether a known collection is marked by Open. The mark goes on to what HCL makes of the collection; an
// element that it takes out of it by an index has the mark too, and may not be the one that stands at this index.
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

// OpenedBy is the hole for which a collection is open.
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
	return t.Numbered(found), true
}
