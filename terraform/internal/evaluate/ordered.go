package evaluate

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// ordered is a JSON object whose members keep their order.
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

// MarshalJSON writes the members in their order.
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

// encode is JSON as the provider prints it, without HTML escapes, which its users do not see.
func encode(value any) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if encoder.Encode(value) != nil {
		return ""
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// decodeOrdered reads a JSON text as strings, json.Number, bool, nil, []any and ordered.
func decodeOrdered(text string) (any, bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	value, err := decodeValue(decoder, nil, "", 0)
	if err != nil {
		return nil, false
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, false
	}
	return value, true
}

// spans are the offsets of values in a JSON text, by pointer.
type spans map[string][2]int

const maxJSONDepth = 200

func decodeValue(decoder *json.Decoder, found spans, pointer string, depth int) (any, error) {
	if depth > maxJSONDepth {
		return nil, io.ErrUnexpectedEOF
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	end := int(decoder.InputOffset())
	start := end
	note := func(start int) {
		if found != nil {
			found[pointer] = [2]int{start, int(decoder.InputOffset())}
		}
	}
	switch token := token.(type) {
	case json.Delim:
		start--
		switch token {
		case '{':
			var out ordered
			for decoder.More() {
				name, err := decoder.Token()
				if err != nil {
					return nil, err
				}
				key, _ := name.(string)
				value, err := decodeValue(decoder, found, pointer+"/"+escape(key), depth+1)
				if err != nil {
					return nil, err
				}
				out = append(out, field{key, value})
			}
			if _, err := decoder.Token(); err != nil {
				return nil, err
			}
			note(start)
			if out == nil {
				out = ordered{}
			}
			return out, nil
		case '[':
			out := []any{}
			for decoder.More() {
				value, err := decodeValue(decoder, found, pointer+"/"+itoa(len(out)), depth+1)
				if err != nil {
					return nil, err
				}
				out = append(out, value)
			}
			if _, err := decoder.Token(); err != nil {
				return nil, err
			}
			note(start)
			return out, nil
		}
		return nil, io.ErrUnexpectedEOF
	case string:
		// Without escapes the text and its quotes; close enough where there are some.
		note(end - len(token) - 2)
	default:
		note(end - 1)
	}
	return token, nil
}

// insideOf are the ranges of the values of a JSON text.
func (r *run) insideOf(source hole.Source, text string) map[string]hole.Range {
	if source.Inside != nil {
		return source.Inside
	}
	if source.Lines == nil || !strings.ContainsAny(text, "{[") {
		return nil
	}
	src, ok := r.loader.sources[source.Lines.File]
	if !ok {
		return nil
	}
	found := spans{}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if _, err := decodeValue(decoder, found, "", 0); err != nil {
		return nil
	}
	place := newLines(text, src, *source.Lines)
	inside := map[string]hole.Range{}
	for pointer, span := range found {
		start, end := place.offset(span[0]), place.offset(span[1])
		if end > start {
			inside[pointer] = hole.Range{File: source.Lines.File, Start: start, End: end}
		}
	}
	return inside
}

// lines lays a text over the lines of a file that it stands in. What is filled in may change a line's length, and a
// heredoc may leave its indentation out.
type lines struct {
	texts, sources [][2]int
	text           string
	src            []byte
}

func newLines(text string, src []byte, rng hole.Range) *lines {
	l := &lines{text: text, src: src}
	end := min(rng.End, len(src))
	start := rng.Start
	// The first line of a heredoc is its marker.
	if bytes.HasPrefix(src[start:end], []byte("<<")) {
		if at := bytes.IndexByte(src[start:end], '\n'); at >= 0 {
			start += at + 1
		}
	}
	l.sources = linesOf(src[start:end], start)
	l.texts = linesOf([]byte(text), 0)
	return l
}

func linesOf(text []byte, offset int) [][2]int {
	var out [][2]int
	for start := 0; start <= len(text); {
		end := bytes.IndexByte(text[start:], '\n')
		if end < 0 {
			return append(out, [2]int{offset + start, offset + len(text)})
		}
		out = append(out, [2]int{offset + start, offset + start + end})
		start += end + 1
	}
	return out
}

func (l *lines) offset(at int) int {
	for i, line := range l.texts {
		if at > line[1] {
			continue
		}
		if i >= len(l.sources) {
			break
		}
		source := l.sources[i]
		indent := indentOf(l.src[source[0]:source[1]]) - indentOf([]byte(l.text[line[0]:line[1]]))
		return min(source[1], source[0]+max(0, at-line[0]+indent))
	}
	if len(l.sources) == 0 {
		return 0
	}
	return l.sources[len(l.sources)-1][1]
}

func indentOf(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }
