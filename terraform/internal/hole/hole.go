// Package hole lets what is not known travel inside of values.
//
// HCL makes all of a template unknown as soon as one part of it is. A hole is a short text that stands for the part
// instead: a string with a hole is a known string for HCL, so that everything around the part stays readable. Numbers,
// booleans and collections that are not known are unknown values of cty with a mark that tells why.
package hole

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Of the Supplementary Private Use Area-A: no configuration has them.
const (
	Open  = "\U000F0000"
	Close = "\U000F0001"
)

// Hole is a value that the input does not hold.
type Hole struct {
	// Why, as a phrase: "known only after apply", "variable without default".
	Reason string `json:"reason"`
	// The reference as its author wrote it: var.account, data.aws_caller_identity.current.account_id.
	Expression string `json:"expression"`
	// Leaf is what it refers to, where that is an attribute of a resource or data source.
	Leaf *Leaf `json:"leaf,omitempty"`
}

// Leaf is an attribute of a resource or data source.
type Leaf struct {
	// Module is the address of the module instance, empty for the root: module.a["x"].module.b.
	Module string `json:"module"`
	Data   bool   `json:"data"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	// Index is a string, a number, or nil: no count or for_each, or which instance is not known.
	Index any `json:"index,omitempty"`
	// Attribute is empty where the resource is named as a whole.
	Attribute string `json:"attribute"`
	// Provider is the address of the provider configuration, as of Resource.Provider.
	Provider string `json:"provider"`
}

// Table holds the holes of one evaluation. The same hole has one number.
type Table struct {
	holes  []Hole
	number map[string]int
}

// NewTable returns an empty table.
func NewTable() *Table { return &Table{number: map[string]int{}} }

// All returns the holes by their numbers.
func (t *Table) All() []Hole { return t.holes }

// mark is the mark of an unknown value: the number of its hole.
type mark struct{ number int }

func (t *Table) numberOf(h Hole) int {
	key := h.Reason + "\x00" + h.Expression
	if l := h.Leaf; l != nil {
		key += "\x00" + l.Module + "\x00" + l.Type + "\x00" + l.Name + "\x00" + l.Attribute + "\x00" + indexText(l.Index)
	}
	if number, ok := t.number[key]; ok {
		return number
	}
	number := len(t.holes)
	t.holes = append(t.holes, h)
	t.number[key] = number
	return number
}

func indexText(index any) string {
	switch index := index.(type) {
	case string:
		return strconv.Quote(index)
	case int:
		return strconv.Itoa(index)
	}
	return ""
}

// Text is a string that is nothing but the hole.
func (t *Table) Text(h Hole) cty.Value { return cty.StringVal(textOf(t.numberOf(h))) }

func textOf(number int) string { return Open + strconv.Itoa(number) + Close }

// Value is a value of the hole: a string where the type is string, otherwise an unknown value with a mark.
func (t *Table) Value(h Hole, ty cty.Type) cty.Value {
	if ty == cty.String {
		return t.Text(h)
	}
	return cty.UnknownVal(ty).Mark(mark{t.numberOf(h)})
}

// Of returns the first hole of an unknown value, or of a string that has one.
func (t *Table) Of(v cty.Value) (Hole, bool) {
	found, ok := -1, false
	walk(v, func(number int) bool {
		if number < len(t.holes) && (number < found || !ok) {
			found, ok = number, true
		}
		return false
	})
	if !ok {
		return Hole{}, false
	}
	return t.holes[found], true
}

// In tells whether a value is not wholly known: it has an unknown value or a string with a hole somewhere inside.
func In(v cty.Value) bool {
	found := !v.IsWhollyKnown()
	if !found {
		walk(v, func(int) bool { found = true; return true })
	}
	return found
}

// InText tells whether a text has a hole.
func InText(text string) bool { return strings.Contains(text, Open) }

// IsWhole tells whether a text is nothing but one hole.
func IsWhole(text string) bool {
	return strings.HasPrefix(text, Open) && strings.HasSuffix(text, Close) && strings.Count(text, Open) == 1
}

// Symbolic replaces every unknown value inside by a string that is its hole, for texts such as JSON. Other marks stay.
// Values whose hole is not known become `fallback`.
func (t *Table) Symbolic(v cty.Value, fallback Hole) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, inner cty.Value) (cty.Value, error) {
		bare, marks := inner.Unmark()
		if bare.IsKnown() {
			return inner, nil
		}
		number, ok := -1, false
		rest := cty.ValueMarks{}
		for m := range marks {
			if m, isHole := m.(mark); isHole {
				if !ok || m.number < number {
					number, ok = m.number, true
				}
			} else {
				rest[m] = struct{}{}
			}
		}
		if !ok {
			number = t.numberOf(fallback)
		}
		return cty.StringVal(textOf(number)).WithMarks(rest), nil
	})
	if err != nil {
		return t.Text(fallback)
	}
	return out
}

// Wash takes the marks of holes away: what is known in spite of them.
func Wash(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	return bare.WithMarks(Washed(marks))
}

// walk calls visit with the number of each hole inside a value, until it returns true.
func walk(v cty.Value, visit func(int) bool) bool {
	bare, marks := v.Unmark()
	if !bare.IsKnown() {
		for m := range marks {
			if m, ok := m.(mark); ok && visit(m.number) {
				return true
			}
		}
		return false
	}
	if bare.IsNull() {
		return false
	}
	if bare.Type() == cty.String {
		return walkText(bare.AsString(), visit)
	}
	if !bare.CanIterateElements() {
		return false
	}
	for it := bare.ElementIterator(); it.Next(); {
		key, element := it.Element()
		if key.Type() == cty.String && walk(key, visit) || walk(element, visit) {
			return true
		}
	}
	return false
}

func walkText(text string, visit func(int) bool) bool {
	for {
		_, after, ok := strings.Cut(text, Open)
		if !ok {
			return false
		}
		digits, rest, ok := strings.Cut(after, Close)
		if !ok {
			return false
		}
		if number, err := strconv.Atoi(digits); err == nil && visit(number) {
			return true
		}
		text = rest
	}
}

// Washed are marks without those of holes.
func Washed(marks cty.ValueMarks) cty.ValueMarks {
	rest := cty.ValueMarks{}
	for m := range marks {
		if _, isHole := m.(mark); !isHole {
			rest[m] = struct{}{}
		}
	}
	return rest
}

// Texts are the holes of a value as texts, each once.
func (t *Table) Texts(v cty.Value) []string {
	var texts []string
	seen := map[int]bool{}
	walk(v, func(number int) bool {
		if number < len(t.holes) && !seen[number] {
			seen[number] = true
			texts = append(texts, textOf(number))
		}
		return false
	})
	return texts
}
