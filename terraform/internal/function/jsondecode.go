package function

import (
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// maxDepth limits the nesting of input to recursive parsers, which could exhaust the stack.
const maxDepth = 1000

// decodeJSON reads a JSON string with placeholders. Placeholders inside strings stay; placeholders in place of a
// value become unknown values. Objects and lists are marked with their source ranges if the string comes unchanged
// from a file or from jsonencode.
func decodeJSON(c *call) (cty.Value, error) {
	text := c.stringArgument(0)
	if text == nil || hole.IsWhole(*text) {
		return cty.NilVal, nil
	}
	if nestingDepth(*text) > maxDepth {
		return cty.NilVal, errTooDeep
	}
	if c.budget.Digits(*text); strings.Count(*text, ",") > maxElements {
		return cty.NilVal, errTooMany
	}
	source := c.sources.SourceOf(c.args[0])
	if !hole.InString(*text) && source == nil {
		return cty.NilVal, nil
	}
	d := &decoder{call: c, text: *text, source: source}
	if source != nil {
		d.locator = c.sources.Locator(source, *text)
	}
	v, err := d.value("")
	d.space()
	if err != nil || d.at < len(d.text) {
		// Either the JSON is invalid, and the library reports the error, or it is valid only once the holes are
		// filled.
		return cty.NilVal, nil
	}
	if containsSensitive(c.args[0]) {
		v = v.Mark(Sensitive{})
	}
	return v, nil
}

// In expressions, parentheses nest as well.
var parentheses = strings.NewReplacer("(", "[", ")", "]")

func nestingDepth(text string) int {
	depth, deepest := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	return deepest
}

type decoder struct {
	*call
	text    string
	at      int
	source  *hole.Source
	locator *hole.Locator
}

var (
	errSyntax = errors.New("syntax")
	number    = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`)
)

func (d *decoder) space() {
	d.at += len(d.text[d.at:]) - len(strings.TrimLeft(d.text[d.at:], " \t\r\n"))
}

func (d *decoder) take(token string) bool {
	if !strings.HasPrefix(d.text[d.at:], token) {
		return false
	}
	d.at += len(token)
	return true
}

func (d *decoder) value(pointer string) (cty.Value, error) {
	d.space()
	start := d.at
	v, err := d.unmarkedValue(pointer)
	if err != nil {
		return cty.NilVal, err
	}
	if at, ok := d.rangeOf(pointer, start); ok {
		v = v.Mark(hole.RangeMark{Range: at})
	}
	return v, nil
}

// rangeOf returns the source range of a value.
func (d *decoder) rangeOf(pointer string, start int) (hole.Range, bool) {
	if d.source == nil {
		return hole.Range{}, false
	}
	if d.source.Ranges != nil {
		at, ok := d.source.Ranges[pointer]
		return at, ok
	}
	return d.locator.Range(start, d.at)
}

func (d *decoder) unmarkedValue(pointer string) (cty.Value, error) {
	rest := d.text[d.at:]
	switch {
	case d.take("{"):
		return d.object(pointer)
	case d.take("["):
		return d.array(pointer)
	case d.take("true"):
		return cty.True, nil
	case d.take("false"):
		return cty.False, nil
	case d.take("null"):
		return cty.NullVal(cty.DynamicPseudoType), nil
	case strings.HasPrefix(rest, `"`):
		text, err := d.quotedString()
		return cty.StringVal(text), err
	}
	if digits := number.FindString(rest); digits != "" {
		d.at += len(digits)
		return cty.ParseNumberVal(digits)
	}
	if part := d.takeHole(); part != nil {
		return d.holes.Value(d.holes.ByNumber(part.Number), cty.DynamicPseudoType), nil
	}
	return cty.NilVal, errSyntax
}

// takeHole reads a placeholder in place of a value.
func (d *decoder) takeHole() *hole.Part {
	line := d.text[d.at:]
	if end := strings.IndexAny(line, ",]}\n\r\t "); end >= 0 {
		line = line[:end]
	}
	if !hole.IsWhole(line) {
		return nil
	}
	d.at += len(line)
	return &hole.Parts(line)[0]
}

func (d *decoder) quotedString() (string, error) {
	start := d.at
	for i := start + 1; i < len(d.text); i++ {
		switch d.text[i] {
		case '\\':
			i++
		case '"':
			d.at = i + 1
			var text string
			err := json.Unmarshal([]byte(d.text[start:d.at]), &text)
			return text, err
		}
	}
	return "", errSyntax
}

func (d *decoder) object(pointer string) (cty.Value, error) {
	out := map[string]cty.Value{}
	d.space()
	if d.take("}") {
		return cty.EmptyObjectVal, nil
	}
	for {
		d.space()
		if !strings.HasPrefix(d.text[d.at:], `"`) {
			return cty.NilVal, errSyntax
		}
		key, err := d.quotedString()
		if err != nil {
			return cty.NilVal, err
		}
		d.space()
		if !d.take(":") {
			return cty.NilVal, errSyntax
		}
		if out[key], err = d.value(pointer + "/" + escapePointer(key)); err != nil {
			return cty.NilVal, err
		}
		d.space()
		if d.take("}") {
			return cty.ObjectVal(out), nil
		}
		if !d.take(",") {
			return cty.NilVal, errSyntax
		}
	}
}

// array returns an open list if a placeholder replaces an element, because a join can expand to several elements.
func (d *decoder) array(pointer string) (cty.Value, error) {
	s := &sequence{call: d.call}
	d.space()
	if d.take("]") {
		return cty.EmptyTupleVal, nil
	}
	for {
		element, err := d.value(pointer + "/" + strconv.Itoa(len(s.elements)))
		if err != nil {
			return cty.NilVal, err
		}
		if bare, _ := element.Unmark(); !bare.IsKnown() {
			s.markOpen(element)
		}
		s.elements = append(s.elements, element)
		d.space()
		if d.take("]") {
			return s.tuple(), nil
		}
		if !d.take(",") {
			return cty.NilVal, errSyntax
		}
	}
}
