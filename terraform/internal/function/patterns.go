package function

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// verdict says whether something holds for every text that a hole may stand for.
type verdict int

const (
	maybe verdict = iota
	yes
	no
)

// begins tells whether a text begins with another.
func begins(text, prefix string) verdict {
	if strings.HasPrefix(text, prefix) {
		return yes
	}
	return agree(hole.Parts(text), hole.Parts(prefix), func(a, b string) (string, string, bool) {
		n := min(len(a), len(b))
		return a[n:], b[n:], a[:n] == b[:n]
	})
}

// ends tells whether a text ends with another.
func ends(text, suffix string) verdict {
	if strings.HasSuffix(text, suffix) {
		return yes
	}
	a, b := hole.Parts(text), hole.Parts(suffix)
	slices.Reverse(a)
	slices.Reverse(b)
	return agree(a, b, func(a, b string) (string, string, bool) {
		n := min(len(a), len(b))
		return a[:len(a)-n], b[:len(b)-n], a[len(a)-n:] == b[len(b)-n:]
	})
}

// agree compares the parts of a text with those of its end, from the end on; meet takes what two literals share.
func agree(text, end []hole.Part, meet func(a, b string) (string, string, bool)) verdict {
	for len(end) > 0 {
		if len(text) == 0 {
			if slices.ContainsFunc(end, func(p hole.Part) bool { return !p.Hole }) {
				return no
			}
			return maybe
		}
		a, b := text[0], end[0]
		if a.Hole || b.Hole {
			if a != b {
				return maybe
			}
			text, end = text[1:], end[1:]
			continue
		}
		restA, restB, same := meet(a.Text, b.Text)
		if !same {
			return no
		}
		text, end = slices.Clone(text), slices.Clone(end)
		text[0].Text, end[0].Text = restA, restB
		if restA == "" {
			text = text[1:]
		}
		if restB == "" {
			end = end[1:]
		}
	}
	return yes
}

// contains tells whether a text contains another.
func contains(text, part string) verdict {
	if strings.Contains(text, part) {
		return yes
	}
	if hole.InText(text) {
		return maybe
	}
	for _, p := range hole.Parts(part) {
		if !p.Hole && !strings.Contains(text, p.Text) {
			return no
		}
	}
	if hole.InText(part) {
		return maybe
	}
	return no
}

func (l *library) patterns() {
	decide := func(name string, texts [2]string, f func(a, b string) verdict, known func(a, b string) bool) {
		base := fixed(cty.Bool, func(args []cty.Value) (cty.Value, error) {
			return cty.BoolVal(known(args[0].AsString(), args[1].AsString())), nil
		}, param(texts[0], cty.String), param(texts[1], cty.String))
		l.define(name, base, func(c *call) (cty.Value, error) {
			a, b, ok := c.twoTexts()
			if !ok {
				return cty.NilVal, nil
			}
			switch f(a, b) {
			case yes:
				return c.marked(cty.True), nil
			case no:
				return c.marked(cty.False), nil
			}
			return cty.NilVal, nil
		})
	}
	decide("startswith", [2]string{"str", "prefix"}, begins, strings.HasPrefix)
	decide("endswith", [2]string{"str", "suffix"}, ends, strings.HasSuffix)
	decide("strcontains", [2]string{"str", "substr"}, contains, strings.Contains)

	l.define("trimprefix", stdlib.TrimPrefixFunc, trimmed(begins, strings.TrimPrefix))
	l.define("trimsuffix", stdlib.TrimSuffixFunc, trimmed(ends, strings.TrimSuffix))
	l.define("regex", stdlib.RegexFunc, nil)
	l.define("regexall", stdlib.RegexAllFunc, nil)
}

// twoTexts are the first arguments, where they are strings, with holes or without.
func (c *call) twoTexts() (a, b string, ok bool) {
	first, second := c.text(0), c.text(1)
	if first == nil || second == nil {
		return "", "", false
	}
	return *first, *second, true
}

// text is an argument that is a string, with holes or without.
func (c *call) text(i int) *string {
	bare, _ := c.args[i].Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() {
		return nil
	}
	text := bare.AsString()
	return &text
}

func trimmed(relation func(a, b string) verdict, trim func(a, b string) string) rule {
	return func(c *call) (cty.Value, error) {
		text, end, ok := c.twoTexts()
		if !ok {
			return cty.NilVal, nil
		}
		switch relation(text, end) {
		case yes:
			return c.marked(cty.StringVal(trim(text, end))), nil
		case no:
			return c.marked(cty.StringVal(text)), nil
		}
		return cty.NilVal, nil
	}
}
