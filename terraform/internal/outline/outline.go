// Package outline finds the comments and top-level blocks of HCL text, including text that does not parse.
package outline

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Outline lists the comments and top-level blocks of a file in source order.
type Outline struct {
	Comments []Comment `json:"comments"`
	Blocks   []Block   `json:"blocks"`
}

// Comment is a `#`, `//` or `/* */` comment.
type Comment struct {
	// Text includes the comment markers, but not the line ending after a line comment.
	Text string `json:"text"`
	Span
}

// Block is a top-level block with its closing brace.
type Block struct {
	Type   string   `json:"type"`
	Labels []string `json:"labels"`
	Span
}

// Span is a range of the text. Start and End count UTF-16 code units from 0, as in JavaScript strings. Lines count
// from 1 and end with LF, CRLF or CR. Columns count UTF-16 code units from 1; a byte order mark has no column.
type Span struct {
	Start     int `json:"start"`
	End       int `json:"end"`
	Line      int `json:"line"`
	Column    int `json:"column"`
	EndLine   int `json:"endLine"`
	EndColumn int `json:"endColumn"`
}

// Parse returns the outline of HCL text in native syntax. JSON syntax has no comments. In text that does not parse, Parse
// returns what the lexer recognizes.
func Parse(text string) Outline {
	// The outline needs no errors: the evaluation reports them.
	tokens, _ := hclsyntax.LexConfig([]byte(text), "", hcl.InitialPos)
	s := &scanner{at: newCursor(text), outline: Outline{Comments: []Comment{}, Blocks: []Block{}}}
	slash := -1
	for _, token := range tokens {
		if token.Type == hclsyntax.TokenStar && token.Range.Start.Byte == slash {
			// The lexer does not recognize a block comment that is not closed.
			s.comment([]byte(text[slash-1:]), slash-1)
			break
		}
		if token.Type == hclsyntax.TokenSlash {
			slash = token.Range.End.Byte
		}
		s.token(token)
	}
	return s.outline
}

// scanner processes the tokens of a file in order.
type scanner struct {
	at      *cursor
	outline Outline
	// braces and quotes are the nesting depths of the current token.
	braces, quotes int
	header         header
	open           *Block
	// label is the start of the contents of a quoted label.
	label int
}

// header holds the words of the current line that can be the type and labels of a block.
type header struct {
	words []string
	start point
}

func (s *scanner) token(token hclsyntax.Token) {
	from, to := token.Range.Start.Byte, token.Range.End.Byte
	switch token.Type {
	case hclsyntax.TokenComment:
		s.comment(token.Bytes, from)
	case hclsyntax.TokenOQuote:
		if s.quotes++; s.quotes == 1 {
			s.label = to
		}
	case hclsyntax.TokenCQuote:
		if s.quotes--; s.quotes == 0 && s.braces == 0 && len(s.header.words) > 0 {
			s.header.words = append(s.header.words, s.at.text[s.label:from])
		}
	case hclsyntax.TokenOBrace:
		if s.braces++; s.braces == 1 && s.quotes == 0 && len(s.header.words) > 0 {
			s.open = &Block{Type: s.header.words[0], Labels: s.header.words[1:], Span: Span{}.from(s.header.start)}
		}
		s.header = header{}
	case hclsyntax.TokenCBrace:
		s.braces = max(0, s.braces-1)
		if s.braces == 0 && s.open != nil {
			s.open.Span = s.open.to(s.at.advance(to))
			s.outline.Blocks = append(s.outline.Blocks, *s.open)
			s.open = nil
		}
		s.header = header{}
	case hclsyntax.TokenIdent:
		if s.quotes == 0 && s.braces == 0 {
			if len(s.header.words) == 0 {
				s.header.start = s.at.advance(from)
			}
			s.header.words = append(s.header.words, string(token.Bytes))
		}
	default:
		if s.quotes == 0 {
			s.header = header{}
		}
	}
}

func (s *scanner) comment(raw []byte, from int) {
	text := string(raw)
	// The token of a line comment includes the line ending, which ends the header of a block.
	if !bytes.HasPrefix(raw, []byte("/*")) {
		text = strings.TrimRight(text, "\r\n")
		s.header = header{}
	}
	span := Span{}.from(s.at.advance(from)).to(s.at.advance(from + len(text)))
	s.outline.Comments = append(s.outline.Comments, Comment{Text: text, Span: span})
}

// point is a position in the text.
type point struct{ offset, line, column int }

func (s Span) from(p point) Span {
	s.Start, s.Line, s.Column = p.offset, p.line, p.column
	return s
}

func (s Span) to(p point) Span {
	s.End, s.EndLine, s.EndColumn = p.offset, p.line, p.column
	return s
}

// cursor converts byte offsets, which must not decrease, to points.
type cursor struct {
	text string
	next int
	point
}

func newCursor(text string) *cursor {
	c := &cursor{text: text, point: point{0, 1, 1}}
	if strings.HasPrefix(text, "\uFEFF") {
		c.next, c.offset = len("\uFEFF"), 1
	}
	return c
}

func (c *cursor) advance(to int) point {
	for c.next < to {
		r, size := utf8.DecodeRuneInString(c.text[c.next:])
		c.next += size
		units := 1
		if r > 0xffff {
			units = 2
		}
		c.offset += units
		c.column += units
		if r == '\n' || r == '\r' && !strings.HasPrefix(c.text[c.next:], "\n") {
			c.line++
			c.column = 1
		}
	}
	return c.point
}
