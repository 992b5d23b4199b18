// Package hole represents values that the input does not determine inside otherwise known values.
//
// HCL makes a whole template unknown as soon as one part of it is unknown. A hole is a short placeholder string that
// replaces that part. HCL treats a string with placeholders as known, so everything around the part stays readable.
// Unknown numbers, booleans and collections are unknown cty values with a mark that carries the reason.
package hole

import (
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// Open and Close delimit a placeholder. Both are in Supplementary Private Use Area-A, which Terraform modules do not
// use.
const (
	Open  = "\U000F0000"
	Close = "\U000F0001"
)

// Hole describes a value that the input does not determine.
type Hole struct {
	// Reason is a phrase such as "known only after apply" or "variable without default".
	Reason string `json:"reason"`
	// Expression is the reference as its author wrote it, for example var.account or
	// data.aws_caller_identity.current.account_id.
	Expression string `json:"expression"`
	// Leaf is set if the expression refers to an attribute of a resource or data source.
	Leaf *Leaf `json:"leaf,omitempty"`
}

// Leaf identifies an attribute of a resource or data source.
type Leaf struct {
	// Module is the address of the module instance, for example module.a["x"].module.b. It is empty for the root
	// module.
	Module string `json:"module"`
	Data   bool   `json:"data"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	// Index is a string or a number. It is nil without count or for_each, and if the instance is unknown.
	Index any `json:"index,omitempty"`
	// Attribute is empty if the reference names the whole resource.
	Attribute string `json:"attribute"`
	// Provider is the key of the provider configuration, for example aws or module.a:aws.
	Provider string `json:"provider"`
	// Optional is true if the expression selects an element that may not exist, so that it can be null.
	Optional bool `json:"-"`
}

// IsAttribute reports whether the expression is an attribute, or an element of one, that is never null.
func (h Hole) IsAttribute() bool { return h.Leaf != nil && !h.Leaf.Optional }

// Table numbers the holes of one evaluation. Equal holes share one number.
type Table struct {
	holes  []Hole
	number map[string]int
}

// NewTable returns an empty table.
func NewTable() *Table { return &Table{number: map[string]int{}} }

// All returns the holes, indexed by their numbers.
func (t *Table) All() []Hole { return t.holes }

// mark identifies the hole of an unknown value.
type mark struct{ number int }

func (t *Table) numberOf(h Hole) int {
	key := h.Reason + "\x00" + h.Expression
	if l := h.Leaf; l != nil {
		key += "\x00" + l.Module + "\x00" + l.Type + "\x00" + l.Name + "\x00" + l.Attribute + "\x00" + indexKey(l.Index) + "\x00" + strconv.FormatBool(l.Optional)
	}
	if number, ok := t.number[key]; ok {
		return number
	}
	number := len(t.holes)
	t.holes = append(t.holes, h)
	t.number[key] = number
	return number
}

func indexKey(index any) string {
	switch index := index.(type) {
	case string:
		return strconv.Quote(index)
	case int:
		return strconv.Itoa(index)
	}
	return ""
}

// StringValue returns a string that consists of the placeholder of a hole.
func (t *Table) StringValue(h Hole) cty.Value { return cty.StringVal(placeholder(t.numberOf(h))) }

func placeholder(number int) string { return Open + strconv.Itoa(number) + Close }

// Value returns a value of the given type for a hole: a placeholder for strings, otherwise a marked unknown value.
func (t *Table) Value(h Hole, ty cty.Type) cty.Value {
	if ty == cty.String {
		return t.StringValue(h)
	}
	return cty.UnknownVal(ty).Mark(mark{t.numberOf(h)})
}

// HoleOf returns the lowest-numbered hole of an unknown value or of a string with placeholders.
func (t *Table) HoleOf(v cty.Value) (Hole, bool) {
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

// In reports whether a value contains an unknown value or a string with a placeholder.
func In(v cty.Value) bool {
	found := !v.IsWhollyKnown()
	if !found {
		walk(v, func(int) bool { found = true; return true })
	}
	return found
}

// InString reports whether a string contains a placeholder.
func InString(text string) bool { return strings.Contains(text, Open) }

// IsWhole reports whether a string consists of exactly one placeholder.
func IsWhole(text string) bool {
	return strings.HasPrefix(text, Open) && strings.HasSuffix(text, Close) && strings.Count(text, Open) == 1
}

// Symbolic replaces every unknown value inside v by the placeholder of its hole, for output such as JSON. Values
// without a hole get the placeholder of fallback. Other marks stay.
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
		return cty.StringVal(placeholder(number)).WithMarks(rest), nil
	})
	if err != nil {
		return t.StringValue(fallback)
	}
	return out
}

// UnmarkHoles removes the marks of holes from a value that is known in spite of them.
func UnmarkHoles(v cty.Value) cty.Value {
	bare, marks := v.Unmark()
	return bare.WithMarks(WithoutHoleMarks(marks))
}

// walk calls visit with the number of each hole inside a value until visit returns true.
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
		return walkString(bare.AsString(), visit)
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

func walkString(text string, visit func(int) bool) bool {
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

// WithoutHoleMarks returns the marks that do not belong to holes.
func WithoutHoleMarks(marks cty.ValueMarks) cty.ValueMarks {
	rest := cty.ValueMarks{}
	for m := range marks {
		if _, isHole := m.(mark); !isHole {
			rest[m] = struct{}{}
		}
	}
	return rest
}

// Placeholders returns the placeholders of the holes inside a value, without duplicates.
func (t *Table) Placeholders(v cty.Value) []string {
	var texts []string
	seen := map[int]bool{}
	walk(v, func(number int) bool {
		if number < len(t.holes) && !seen[number] {
			seen[number] = true
			texts = append(texts, placeholder(number))
		}
		return false
	})
	return texts
}
