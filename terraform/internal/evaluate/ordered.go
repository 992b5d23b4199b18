package evaluate

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// ordered is a JSON object that keeps the order of its members.
type ordered []field

type field struct {
	name  string
	value any
}

func (o ordered) index(name string) int {
	for i, f := range o {
		if f.name == name {
			return i
		}
	}
	return -1
}

func (o ordered) get(name string) any {
	if at := o.index(name); at >= 0 {
		return o[at].value
	}
	return nil
}

// MarshalJSON writes the members in order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, _ := json.Marshal(f.name)
		value, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encodeAsProvider returns JSON in the format of the AWS provider, but without its HTML escapes.
func encodeAsProvider(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if encoder.Encode(value) != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// decodeOrdered decodes JSON to string, json.Number, bool, nil, []any and ordered.
func decodeOrdered(text string) (any, bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decodeValue(decoder, 0)
	if err != nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	return value, true
}

const maxJSONDepth = 50

func decodeValue(decoder *json.Decoder, depth int) (any, error) {
	if depth > maxJSONDepth {
		return nil, io.ErrUnexpectedEOF
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		out := ordered{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			key, _ := name.(string)
			value, err := decodeValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, field{key, value})
		}
		_, err := decoder.Token()
		return out, err
	case json.Delim('['):
		out := []any{}
		for decoder.More() {
			value, err := decodeValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			out = append(out, value)
		}
		_, err := decoder.Token()
		return out, err
	}
	return token, nil
}

// jsonRanges returns the source ranges of the values of a JSON string by their pointers.
func (r *run) jsonRanges(source *hole.Source, text string) map[string]hole.Range {
	if source == nil {
		return nil
	}
	if source.Ranges != nil {
		return source.Ranges
	}
	if !strings.ContainsAny(text, "{[") {
		return nil
	}
	spans, ok := hole.SpansOf(text)
	if !ok {
		return nil
	}
	locator := r.sources.Locator(source, text)
	inside := map[string]hole.Range{}
	for pointer, span := range spans {
		if at, ok := locator.Range(span[0], span[1]); ok {
			inside[pointer] = at
		}
	}
	return inside
}
