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

// maxDepth of texts that are decoded: beyond, the stack of a reader that calls itself may not suffice.
const maxDepth = 1000

var errDeep = errors.New("the text is nested too deeply")

// decodeJSON reads a text with holes: inside of strings they stay, in place of a value they are values that are not
// known. Objects and lists are marked with where they stand, if the text stands in a file as it is or has been encoded.
func decodeJSON(c *call) (cty.Value, error) {
	text := c.text(0)
	if text == nil || hole.IsWhole(*text) {
		return cty.NilVal, nil
	}
	if nesting(*text) > maxDepth {
		return cty.NilVal, errDeep
	}
	source := c.sources.Of(c.args[0])
	if !hole.InText(*text) && source == nil {
		return cty.NilVal, nil
	}
	d := &decoder{call: c, text: *text, source: source}
	if source != nil {
		d.placer = c.sources.Placer(source, *text)
	}
	v, err := d.value("")
	d.space()
	if err != nil || d.at < len(d.text) {
		// The library's error, or a text that only its holes make JSON.
		return cty.NilVal, nil
	}
	if sensitiveInside(c.args[0]) {
		v = v.Mark(Sensitive{})
	}
	return v, nil
}

// parentheses count too where expressions are read.
var parentheses = strings.NewReplacer("(", "[", ")", "]")

func nesting(text string) int {
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
	text   string
	at     int
	source *hole.Source
	placer *hole.Placer
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
	v, err := d.bare(pointer)
	if err != nil {
		return cty.NilVal, err
	}
	if at, ok := d.place(pointer, start); ok {
		v = v.Mark(hole.At{Range: at})
	}
	return v, nil
}

// place is where a value stands in the source.
func (d *decoder) place(pointer string, start int) (hole.Range, bool) {
	if d.source == nil {
		return hole.Range{}, false
	}
	if d.source.Inside != nil {
		at, ok := d.source.Inside[pointer]
		return at, ok
	}
	return d.placer.Range(start, d.at)
}

func (d *decoder) bare(pointer string) (cty.Value, error) {
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
		text, err := d.str()
		return cty.StringVal(text), err
	}
	if digits := number.FindString(rest); digits != "" {
		d.at += len(digits)
		return cty.ParseNumberVal(digits)
	}
	if part := d.hole(); part != nil {
		return d.holes.Value(d.holes.Numbered(part.Number), cty.DynamicPseudoType), nil
	}
	return cty.NilVal, errSyntax
}

// hole takes a hole in place of a value.
func (d *decoder) hole() *hole.Part {
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

func (d *decoder) str() (string, error) {
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
		key, err := d.str()
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

// array is open where a hole stands in place of an element: it may be several, as those of a join.
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
			s.opened(element)
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
