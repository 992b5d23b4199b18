package evaluate

import (
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// maxNesting limits the recursion of the parser.
const maxNesting = 500

func sentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

func rangeAt(file string, src []byte, offset int) hcl.Range {
	before := string(src[:offset])
	line := strings.Count(before, "\n") + 1
	column := offset - strings.LastIndexByte(before, '\n')
	pos := hcl.Pos{Line: line, Column: column, Byte: offset}
	return hcl.Range{Filename: file, Start: pos, End: pos}
}

func invalidUTF8(src []byte) int {
	for at := 0; at < len(src); {
		if src[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, size := utf8.DecodeRune(src[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// excessiveNesting returns the offset at which brackets, or operators that nest to the right, exceed the limit of the
// parser, or -1.
func excessiveNesting(src []byte) int {
	depth, prefixes := 0, 0
	for at, char := range src {
		switch char {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth = max(0, depth-1)
		}
		switch char {
		case '!', '-', '?':
			prefixes++
		case '\n', '"', '#', '/':
			prefixes = 0
		}
		if depth > maxNesting || prefixes > 10*maxNesting {
			return at
		}
	}
	return -1
}
