package function

import (
	"strings"
	"unicode"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineStrings() {
	l.define("lower", stdlib.LowerFunc, mapLetters(strings.ToLower, func(r rune) bool { return unicode.ToLower(r) != r }))
	l.define("upper", stdlib.UpperFunc, mapLetters(strings.ToUpper, func(r rune) bool { return unicode.ToUpper(r) != r }))
	l.define("title", stdlib.TitleFunc, nil)
	l.define("strrev", stdlib.ReverseFunc, nil)
	l.define("substr", stdlib.SubstrFunc, substr)
	l.define("chomp", stdlib.ChompFunc, func(c *call) (cty.Value, error) {
		return c.trim(false, func(r rune) bool { return r == '\n' || r == '\r' })
	})
	l.define("trimspace", stdlib.TrimSpaceFunc, func(c *call) (cty.Value, error) {
		return c.trim(true, unicode.IsSpace)
	})
	l.define("trim", stdlib.TrimFunc, func(c *call) (cty.Value, error) {
		set := c.stringArgument(1)
		if set == nil || hole.InString(*set) {
			return cty.NilVal, nil
		}
		return c.trim(true, func(r rune) bool { return strings.ContainsRune(*set, r) })
	})
	l.define("indent", stdlib.IndentFunc, indent)
	l.define("replace", replaceFunc, replace)
	l.define("split", stdlib.SplitFunc, split)
	l.define("join", stdlib.JoinFunc, join)
	l.define("format", stdlib.FormatFunc, format)
	l.define("formatlist", stdlib.FormatListFunc, formatList)
	l.define("sort", stdlib.SortFunc, sortStrings)
}

// mapLetters changes each letter independently. A hole that can contain an affected letter becomes a derived hole.
func mapLetters(change func(string) string, affected func(rune) bool) rule {
	return func(c *call) (cty.Value, error) {
		text := c.stringArgument(0)
		if text == nil || !hole.InString(*text) {
			return cty.NilVal, nil
		}
		var out strings.Builder
		for _, part := range hole.Parts(*text) {
			switch {
			case !part.Hole:
				out.WriteString(change(part.Text))
			case excludesCharacters(c.holes.ByNumber(part.Number), affected):
				out.WriteString(part.Text)
			default:
				out.WriteString(c.derivedPlaceholder(part.Text))
			}
		}
		return c.withArgumentMarks(cty.StringVal(out.String())), nil
	}
}

// derivedPlaceholder returns the placeholder for the result of the call on a piece of its first argument.
func (c *call) derivedPlaceholder(piece string) string {
	arguments := append([]string{c.text(cty.StringVal(piece))}, c.texts()[1:]...)
	h := hole.Hole{Reason: c.reason(), Expression: c.describe(arguments...)}
	return c.holes.StringValue(h).AsString()
}

// trim removes characters from the end and, if left is true, from the start of the first argument. A hole there
// becomes a derived hole that includes the literals that the function can also remove.
func (c *call) trim(left bool, cut func(rune) bool) (cty.Value, error) {
	text := c.stringArgument(0)
	if text == nil || !hole.InString(*text) {
		return cty.NilVal, nil
	}
	parts := hole.Parts(*text)
	if left {
		var all bool
		if parts, all = c.trimStart(parts, cut, strings.TrimLeftFunc, false); all {
			return c.unknownResult()
		}
	}
	parts, all := c.trimStart(reversed(parts), cut, strings.TrimRightFunc, true)
	if all {
		return c.unknownResult()
	}
	return c.withArgumentMarks(cty.StringVal(concatenate(reversed(parts)))), nil
}

func reversed(parts []hole.Part) []hole.Part {
	out := make([]hole.Part, len(parts))
	for i, part := range parts {
		out[len(parts)-1-i] = part
	}
	return out
}

func concatenate(parts []hole.Part) string {
	var out strings.Builder
	for _, part := range parts {
		out.WriteString(part.Text)
	}
	return out.String()
}

func (c *call) trimStart(parts []hole.Part, cut func(rune) bool, take func(string, func(rune) bool) string, backwards bool) (rest []hole.Part, all bool) {
	var uncertain []hole.Part
	for i, part := range parts {
		kept := part.Text
		if !part.Hole {
			kept = take(part.Text, cut)
		}
		certain := part.Hole && excludesCharacters(c.holes.ByNumber(part.Number), cut) || !part.Hole && kept != ""
		if certain && len(uncertain) == 0 {
			rest = append([]hole.Part{}, parts[i:]...)
			rest[0].Text = kept
			return rest, false
		}
		if certain {
			removed := part.Text[:len(part.Text)-len(kept)]
			if backwards {
				removed = part.Text[len(kept):]
			}
			uncertain = append(uncertain, hole.Part{Text: removed})
			rest = append([]hole.Part{}, parts[i:]...)
			rest[0].Text = kept
			break
		}
		if part.Hole || len(uncertain) > 0 {
			uncertain = append(uncertain, part)
		}
	}
	if rest == nil {
		return nil, len(uncertain) > 0
	}
	if backwards {
		uncertain = reversed(uncertain)
	}
	return append(hole.Parts(c.derivedPlaceholder(concatenate(uncertain))), rest...), false
}

func indent(c *call) (cty.Value, error) {
	text, spaces := c.stringArgument(1), c.intArgument(0)
	if text == nil || spaces == nil {
		return cty.NilVal, nil
	}
	if *spaces < 0 {
		return argError(0, "must not be negative")
	}
	if *spaces > 0 && strings.Count(*text, "\n") > maxStringBytes / *spaces {
		return cty.NilVal, tooLong()
	}
	v, err := c.run()
	if err != nil {
		return cty.NilVal, err
	}
	return v, nil
}

// intArgument returns an argument as an integer, or nil if it is unknown.
func (c *call) intArgument(i int) *int {
	bare, _ := c.args[i].Unmark()
	if bare.Type() != cty.Number || !bare.IsKnown() || bare.IsNull() {
		return nil
	}
	n, _ := bare.AsBigFloat().Int64()
	number := int(n)
	return &number
}

func substr(c *call) (cty.Value, error) {
	text, offset, length := c.stringArgument(0), c.intArgument(1), c.intArgument(2)
	if text == nil || offset == nil || length == nil || !hole.InString(*text) {
		return cty.NilVal, nil
	}
	if *offset >= 0 && *length == 0 {
		return c.run()
	}
	parts := hole.Parts(*text)
	first, last := parts[0], parts[len(parts)-1]
	take := func(text string) (cty.Value, error) {
		v, err := stdlib.Substr(cty.StringVal(text), c.unmarkedArgument(1), c.unmarkedArgument(2))
		if err != nil {
			return cty.NilVal, err
		}
		return c.withArgumentMarks(v), nil
	}
	switch {
	case *offset >= 0 && *length < 0 && *offset == 0:
		return c.withArgumentMarks(cty.StringVal(*text)), nil
	case *offset >= 0 && *length < 0 && !first.Hole && characterCount(first.Text) >= *offset:
		rest, err := take(first.Text)
		if err != nil {
			return cty.NilVal, err
		}
		bare, _ := rest.Unmark()
		if characterCount(first.Text) == *offset {
			bare = cty.StringVal("")
		}
		return c.withArgumentMarks(cty.StringVal(bare.AsString() + concatenate(parts[1:]))), nil
	case *offset >= 0 && *length >= 0 && !first.Hole && characterCount(first.Text) >= *offset+*length:
		return take(first.Text)
	case *offset < 0 && !last.Hole && characterCount(last.Text) >= -*offset:
		return take(last.Text)
	}
	return cty.NilVal, nil
}

func (c *call) unmarkedArgument(i int) cty.Value {
	bare, _ := c.args[i].UnmarkDeep()
	return bare
}

func characterCount(text string) int {
	n, err := stdlib.Strlen(cty.StringVal(text))
	if err != nil {
		return 0
	}
	count, _ := n.AsBigFloat().Int64()
	return int(count)
}

// join keeps placeholders inside elements. It cannot join an open list because the positions of the separators are
// uncertain.
func join(c *call) (cty.Value, error) {
	size, count := 0, 0
	separator := c.stringArgument(0)
	if separator == nil {
		return cty.NilVal, nil
	}
	if *separator == "" && len(c.args) == 2 && c.firstUncertainIsResource(c.args[1]) {
		if all := elements(c.args[1]); len(all) == 1 {
			return all[0], nil
		}
	}
	symbolic := make([]cty.Value, len(c.args))
	for i, arg := range c.args {
		if bare, _ := arg.Unmark(); !bare.IsKnown() || hole.IsOpen(arg) {
			return cty.NilVal, nil
		}
		symbolic[i] = c.holes.Symbolic(arg, c.callHole())
		bare, _ := symbolic[i].UnmarkDeep()
		if i > 0 {
			for it := bare.ElementIterator(); it.Next(); {
				if _, element := it.Element(); !element.IsNull() {
					size += len(element.AsString())
					count++
				}
			}
		}
	}
	if size > maxStringBytes || count > 0 && len(*separator) > maxStringBytes/count {
		return cty.NilVal, tooLong()
	}
	return c.withArguments(symbolic).run()
}

func (c *call) withArguments(args []cty.Value) *call {
	return &call{library: c.library, name: c.name, base: c.base, args: args}
}

// sortStrings keeps elements with holes and makes the result open because their order is uncertain.
func sortStrings(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() || !c.hasPartialArgument() {
		return cty.NilVal, nil
	}
	h, _ := c.cause(c.args[0])
	v, err := c.withArguments([]cty.Value{c.holes.Symbolic(c.args[0], c.callHole())}).run()
	if err != nil {
		return cty.NilVal, err
	}
	if length := bare.LengthInt(); length < 2 {
		return v, nil
	}
	return c.holes.Open(v, h), nil
}
