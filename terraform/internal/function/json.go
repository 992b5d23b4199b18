package function

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// encoder writes JSON in Terraform's format and records the source ranges of the values.
type encoder struct {
	*call
	out    bytes.Buffer
	ranges map[string]hole.Range
}

func (l *library) encodeJSON(c *call) (cty.Value, error) {
	value := c.args[0]
	if bare, _ := value.Unmark(); !bare.IsKnown() {
		return cty.NilVal, nil
	}
	e := &encoder{call: c, ranges: map[string]hole.Range{}}
	if err := e.write(value, ""); err != nil {
		return cty.NilVal, err
	}
	text := cty.StringVal(e.out.String())
	if containsSensitive(value) {
		text = text.Mark(Sensitive{})
	}
	if len(e.ranges) > 0 {
		text = text.Mark(l.sources.Mark(hole.Source{Ranges: e.ranges, Text: e.out.String()}))
	}
	return text, nil
}

func (e *encoder) write(v cty.Value, pointer string) error {
	if e.out.Len() > maxStringBytes {
		return tooLong()
	}
	if at, ok := hole.RangeOf(v); ok {
		e.ranges[pointer] = at
	}
	bare, _ := v.Unmark()
	ty := bare.Type()
	switch {
	case !bare.IsKnown():
		bare, _ = e.holes.Symbolic(v, e.callHole()).Unmark()
		return e.writeString(bare.AsString())
	case bare.IsNull():
		e.out.WriteString("null")
	case ty == cty.String:
		return e.writeString(bare.AsString())
	case ty == cty.Number:
		if bare.RawEquals(cty.PositiveInfinity) || bare.RawEquals(cty.NegativeInfinity) {
			return errors.New("cannot serialize infinity as JSON")
		}
		e.out.WriteString(bare.AsBigFloat().Text('f', -1))
	case ty == cty.Bool:
		e.out.WriteString(strconv.FormatBool(bare.True()))
	case isSequence(ty):
		e.out.WriteByte('[')
		for i, element := range elements(bare) {
			if i > 0 {
				e.out.WriteByte(',')
			}
			if err := e.write(element, pointer+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
		e.out.WriteByte(']')
	case isKeyed(ty):
		e.out.WriteByte('{')
		first := true
		for it := bare.ElementIterator(); it.Next(); {
			key, element := it.Element()
			if !first {
				e.out.WriteByte(',')
			}
			first = false
			if err := e.writeString(key.AsString()); err != nil {
				return err
			}
			e.out.WriteByte(':')
			if err := e.write(element, pointer+"/"+escapePointer(key.AsString())); err != nil {
				return err
			}
		}
		e.out.WriteByte('}')
	default:
		return errors.New("cannot JSON-serialize " + ty.FriendlyName())
	}
	return nil
}

func (e *encoder) writeString(text string) error {
	raw, err := json.Marshal(text)
	e.out.Write(raw)
	return err
}

func escapePointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
