package evaluate

import (
	"bytes"
	"regexp"
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

// maxHeredocWork limits the product of the lines and bytes of a heredoc: HCL copies the text before each line.
const maxHeredocWork = 5_000_000_000

var heredoc = regexp.MustCompile(`<<-?([A-Za-z_][A-Za-z0-9_-]*)\r?\n`)

// longHeredoc returns the offset of the heredoc that exceeds the limit, or -1.
func longHeredoc(src []byte) int {
	work := 0
	for at := 0; ; {
		match := heredoc.FindSubmatchIndex(src[at:])
		if match == nil {
			return -1
		}
		start, marker := at+match[0], string(src[at+match[2]:at+match[3]])
		at += match[1]
		for lines, end := 0, at; end < len(src); lines++ {
			size := bytes.IndexByte(src[end:], '\n')
			if size < 0 {
				size = len(src) - end
			}
			line := src[end : end+size]
			end += size + 1
			if string(bytes.TrimSpace(line)) == marker {
				if work += lines * (end - at); work > maxHeredocWork {
					return start
				}
				at = min(end, len(src))
				break
			}
		}
	}
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
