package outline

import (
	"reflect"
	"testing"
	"unicode/utf16"
)

// FuzzParse verifies that the outline of any text is inside the text and in source order.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"# a\nresource \"a\" \"b\" {\n  x = 1 // c\n}\n", "/* open", "a \"${b}\" {\n}", "x = <<EOT\n# no\nEOT\n",
		"\uFEFF# a\r\n", "a {{{}}}", "\"unclosed {", "a \"\U0001F600\" {}\r# é", "%{ if }", "}{ a { }"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Parse(text)
		if !reflect.DeepEqual(got, Parse(text)) {
			t.Error("two outlines differ")
		}
		length := len(utf16.Encode([]rune(text)))
		before := 0
		for _, comment := range got.Comments {
			check(t, comment.Span, before, length)
			before = comment.End
		}
		before = 0
		for _, block := range got.Blocks {
			check(t, block.Span, before, length)
			before = block.End
		}
	})
}

func check(t *testing.T, span Span, from, to int) {
	t.Helper()
	if span.Start < from || span.End < span.Start || span.End > to || span.Line < 1 || span.Column < 1 || span.EndLine < span.Line {
		t.Errorf("%+v is not between %d and %d", span, from, to)
	}
}
