package hole

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Spans maps JSON pointers to the start and end offsets of the values of a JSON string.
type Spans map[string][2]int

// maxDepth limits the nesting of a string that SpansOf reads.
const maxDepth = 200

// SpansOf returns the spans of the values of a JSON string, in which placeholders can replace values. It does not
// validate the JSON.
func SpansOf(text string) (Spans, bool) {
	s := &scanner{text: text, found: Spans{}}
	ok := s.value("", 0)
	return s.found, ok
}

type scanner struct {
	text  string
	at    int
	found Spans
}

func (s *scanner) next() byte {
	for s.at < len(s.text) && strings.IndexByte(" \t\r\n", s.text[s.at]) >= 0 {
		s.at++
	}
	if s.at < len(s.text) {
		return s.text[s.at]
	}
	return 0
}

func (s *scanner) value(pointer string, depth int) bool {
	if depth > maxDepth {
		return false
	}
	char := s.next()
	start := s.at
	ok := true
	switch char {
	case '{', '[':
		ok = s.members(char == '{', pointer, depth)
	case '"':
		_, ok = s.quotedString()
	default:
		for s.at < len(s.text) && strings.IndexByte(",]} \t\r\n", s.text[s.at]) < 0 {
			s.at++
		}
		ok = s.at > start
	}
	if ok {
		s.found[pointer] = [2]int{start, s.at}
	}
	return ok
}

// members reads the members of an object or the elements of an array.
func (s *scanner) members(named bool, pointer string, depth int) bool {
	s.at++
	for number := 0; ; number++ {
		switch s.next() {
		case 0:
			return false
		case '}', ']':
			s.at++
			return true
		case ',':
			s.at++
			s.next()
		}
		name := strconv.Itoa(number)
		if named {
			key, ok := s.quotedString()
			if !ok || s.next() != ':' {
				return false
			}
			s.at++
			name = escapes.Replace(key)
		}
		if !s.value(pointer+"/"+name, depth+1) {
			return false
		}
	}
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

func (s *scanner) quotedString() (text string, ok bool) {
	start := s.at
	if start >= len(s.text) || s.text[start] != '"' {
		return "", false
	}
	for at := start + 1; at < len(s.text); at++ {
		switch s.text[at] {
		case '\\':
			at++
		case '"':
			s.at = at + 1
			inner := s.text[start+1 : at]
			if strings.IndexByte(inner, '\\') >= 0 {
				return text, json.Unmarshal([]byte(s.text[start:s.at]), &text) == nil
			}
			return inner, true
		}
	}
	return "", false
}
