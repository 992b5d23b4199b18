package hole

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Spans are where the values of a JSON text stand in it, from start to end, by their pointers.
type Spans map[string][2]int

// maxDepth of a text with spans.
const maxDepth = 200

// SpansOf finds the values of a JSON text, in which holes may stand in place of values. It does not say whether it is
// JSON.
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
		_, ok = s.str()
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

// members takes those of an object or list.
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
			key, ok := s.str()
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

func (s *scanner) str() (text string, ok bool) {
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
