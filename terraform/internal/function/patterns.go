package function

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// verdict reports whether a statement is true for every value of the holes.
type verdict int

const (
	maybe verdict = iota
	yes
	no
)

// startsWith reports whether text starts with prefix.
func startsWith(text, prefix string) verdict {
	if strings.HasPrefix(text, prefix) {
		return yes
	}
	return compareParts(hole.Parts(text), hole.Parts(prefix), func(a, b string) (string, string, bool) {
		n := min(len(a), len(b))
		return a[n:], b[n:], a[:n] == b[:n]
	})
}

// endsWith reports whether text ends with suffix.
func endsWith(text, suffix string) verdict {
	if strings.HasSuffix(text, suffix) {
		return yes
	}
	a, b := hole.Parts(text), hole.Parts(suffix)
	slices.Reverse(a)
	slices.Reverse(b)
	return compareParts(a, b, func(a, b string) (string, string, bool) {
		n := min(len(a), len(b))
		return a[:len(a)-n], b[:len(b)-n], a[len(a)-n:] == b[len(b)-n:]
	})
}

// compareParts compares the parts of two strings in order. The function removeCommon removes the common part of two literals.
func compareParts(text, end []hole.Part, removeCommon func(a, b string) (string, string, bool)) verdict {
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
		restA, restB, same := removeCommon(a.Text, b.Text)
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

// containsString reports whether text contains part.
func containsString(text, part string) verdict {
	if strings.Contains(text, part) {
		return yes
	}
	if hole.InString(text) {
		return maybe
	}
	for _, p := range hole.Parts(part) {
		if !p.Hole && !strings.Contains(text, p.Text) {
			return no
		}
	}
	if hole.InString(part) {
		return maybe
	}
	return no
}

func (l *library) definePatterns() {
	decide := func(name string, texts [2]string, f func(a, b string) verdict, known func(a, b string) bool) {
		base := typedFunction(cty.Bool, func(args []cty.Value) (cty.Value, error) {
			return cty.BoolVal(known(args[0].AsString(), args[1].AsString())), nil
		}, param(texts[0], cty.String), param(texts[1], cty.String))
		l.define(name, base, func(c *call) (cty.Value, error) {
			a, b, ok := c.twoStrings()
			if !ok {
				return cty.NilVal, nil
			}
			switch f(a, b) {
			case yes:
				return c.withArgumentMarks(cty.True), nil
			case no:
				return c.withArgumentMarks(cty.False), nil
			}
			return cty.NilVal, nil
		})
	}
	decide("startswith", [2]string{"str", "prefix"}, startsWith, strings.HasPrefix)
	decide("endswith", [2]string{"str", "suffix"}, endsWith, strings.HasSuffix)
	decide("strcontains", [2]string{"str", "substr"}, containsString, strings.Contains)

	l.define("trimprefix", stdlib.TrimPrefixFunc, trimRule(startsWith, strings.TrimPrefix))
	l.define("trimsuffix", stdlib.TrimSuffixFunc, trimRule(endsWith, strings.TrimSuffix))
	l.define("regex", stdlib.RegexFunc, matching)
	l.define("regexall", stdlib.RegexAllFunc, matching)
}

// twoStrings returns the first two arguments if they are strings, with or without holes.
func (c *call) twoStrings() (a, b string, ok bool) {
	first, second := c.stringArgument(0), c.stringArgument(1)
	if first == nil || second == nil {
		return "", "", false
	}
	return *first, *second, true
}

// stringArgument returns a string argument, with or without holes, or nil.
func (c *call) stringArgument(i int) *string {
	bare, _ := c.args[i].Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() {
		return nil
	}
	text := bare.AsString()
	return &text
}

func trimRule(relation func(a, b string) verdict, trim func(a, b string) string) rule {
	return func(c *call) (cty.Value, error) {
		text, end, ok := c.twoStrings()
		if !ok {
			return cty.NilVal, nil
		}
		switch relation(text, end) {
		case yes:
			return c.withArgumentMarks(cty.StringVal(trim(text, end))), nil
		case no:
			return c.withArgumentMarks(cty.StringVal(text)), nil
		}
		return cty.NilVal, nil
	}
}
