package outline

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// cut returns the part of text that a span covers.
func cut(text string, s Span) string {
	return string(utf16.Decode(utf16.Encode([]rune(text))[s.Start:s.End]))
}

func TestComments(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"all kinds", "# a\nx = 1 // b\n/* c\n d */", []string{"# a", "// b", "/* c\n d */"}},
		{"unclosed block comment", "x = 1 / 2\n/* a\n# b", []string{"/* a\n# b"}},
		{"no final newline", "x = 1 # a", []string{"# a"}},
		{"CRLF line endings", "# a\r\nx {\r\n}\r\n", []string{"# a"}},
		{"byte order mark", "\uFEFF# a\nx = 1\n", []string{"# a"}},
		{"quoted strings", `x = "# \" # ${"}"} # $${" # a`, []string{"# a"}},
		{"templates", `x = "${ 1 /* a */ }"`, []string{"/* a */"}},
		{"heredocs", "x = <<EOT\n# no\n${ {a = 1} }\nEOT\n# a", []string{"# a"}},
		{"indented heredocs", "x = <<-EOT\n # no EOT\n  EOT\n# a", []string{"# a"}},
		{"characters outside the BMP", "x = \"😀\" # ä 😀\n# b", []string{"# ä 😀", "# b"}},
		{"text that does not parse", "resource \"a\" {{ ] = # a\n/* b */ }}} # c", []string{"# a", "/* b */", "# c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, comment := range Parse(test.text).Comments {
				got = append(got, comment.Text)
				if covered := cut(test.text, comment.Span); covered != comment.Text {
					t.Errorf("the span of %q covers %q", comment.Text, covered)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestBlocks(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"only top-level blocks", "a \"b\" \"c-d\" {\n e {}\n f = {}\n}\ng {}", []string{"a b c-d", "g"}},
		{"unclosed block", "a {\n b {}", nil},
		{"unquoted label", "a b {\n}\n", []string{"a b"}},
		{"comment in the header", "a /* x */ \"b\" { # y\n}\n", []string{"a b"}},
		{"brace on its own line", "a\n{\n}\n", nil},
		{"object value", "a = {\n}\nb {}", []string{"b"}},
		{"braces in templates", "a {\n x = \"${ {b = \"}\"} }\"\n y = <<E\n}\nE\n}\nc {}\n", []string{"a", "c"}},
		{"extra closing brace", "a {}\n}\nb {}\n", []string{"a", "b"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, block := range Parse(test.text).Blocks {
				got = append(got, strings.Join(append([]string{block.Type}, block.Labels...), " "))
				if text := cut(test.text, block.Span); !strings.HasPrefix(text, block.Type) || !strings.HasSuffix(text, "}") {
					t.Errorf("the span of %s covers %q", block.Type, text)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	outline := Parse("\uFEFFa {\r\n  x = \"😀\" # b\r}\n")
	// HCL does not end a comment at CR, but editors end a line there.
	if want := (Span{Start: 17, End: 22, Line: 2, Column: 12, EndLine: 3, EndColumn: 2}); len(outline.Comments) != 1 || outline.Comments[0].Span != want {
		t.Errorf("got %+v, want %+v", outline.Comments, want)
	}
	outline = Parse("\uFEFFa {\r\n  x = \"😀\"\n}\n")
	if want := (Span{Start: 1, End: 18, Line: 1, Column: 1, EndLine: 3, EndColumn: 2}); len(outline.Blocks) != 1 || outline.Blocks[0].Span != want {
		t.Errorf("got %+v, want %+v", outline.Blocks, want)
	}
}

// TestAnyText verifies that any text has an outline with spans inside the text.
func TestAnyText(t *testing.T) {
	pieces := []string{"{", "}", `"`, "${", "%{", `\`, "\n", "\r", "<<E\n", "E\n", "#", "//", "/*", "*/", "a ", "é", "😀", "\uFEFF", "\x00", "'", "`", "\uFFFD"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		var text strings.Builder
		for range random.IntN(12) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		length := len(utf16.Encode([]rune(text.String())))
		outline := Parse(text.String())
		for _, comment := range outline.Comments {
			if cut(text.String(), comment.Span) != comment.Text {
				t.Fatalf("%q: %+v", text.String(), comment)
			}
		}
		for _, block := range outline.Blocks {
			if block.Start >= block.End || block.End > length || block.Line > block.EndLine {
				t.Fatalf("%q: %+v", text.String(), block)
			}
		}
	}
}
