package function

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

var replaceFunc = fixed(cty.String, func(args []cty.Value) (cty.Value, error) {
	text, search, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
	if pattern, ok := expression(search); ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return cty.NilVal, err
		}
		// What the replacement refers to are parts of matches, which do not overlap.
		matches := len(re.FindAllStringIndex(text, -1))
		if matches > 0 && len(with) > maxText/matches || strings.Count(with, "$")*len(text) > maxText {
			return cty.NilVal, tooLong()
		}
		return cty.StringVal(re.ReplaceAllString(text, with)), nil
	}
	if n := strings.Count(text, search); n > 0 && len(with) > maxText/n {
		return cty.NilVal, tooLong()
	}
	return cty.StringVal(strings.ReplaceAll(text, search, with)), nil
}, param("str", cty.String), param("substr", cty.String), param("replace", cty.String))

// expression is the regular expression of a search text in slashes.
func expression(search string) (string, bool) {
	if len(search) > 1 && strings.HasPrefix(search, "/") && strings.HasSuffix(search, "/") {
		return search[1 : len(search)-1], true
	}
	return "", false
}

// replace replaces in what is written out. A hole may have the search text too, so it becomes another hole where its
// characters do not rule that out.
func replace(c *call) (cty.Value, error) {
	text, search, with := c.text(0), c.text(1), c.text(2)
	if text == nil || search == nil || with == nil || hole.InText(*search) {
		return cty.NilVal, nil
	}
	if pattern, ok := expression(*search); ok {
		if re, err := regexp.Compile(pattern); err != nil {
			return cty.NilVal, err
		} else if !hole.InText(*text) && !re.MatchString(*text) {
			return c.marked(cty.StringVal(*text)), nil
		}
		return cty.NilVal, nil
	}
	if !hole.InText(*text) {
		return c.run()
	}
	if *search == "" || c.straddles(*text, *search) {
		return cty.NilVal, nil
	}
	if n := strings.Count(*text, *search); n > 0 && len(*with) > maxText/n {
		return cty.NilVal, tooLong()
	}
	var out strings.Builder
	for _, part := range hole.Parts(*text) {
		switch {
		case !part.Hole:
			out.WriteString(strings.ReplaceAll(part.Text, *search, *with))
		case c.excludes(part, *search):
			out.WriteString(part.Text)
		default:
			out.WriteString(c.derived(part.Text))
		}
	}
	return c.marked(cty.StringVal(out.String())), nil
}

// excludes tells whether a hole certainly does not contain a text.
func (c *call) excludes(part hole.Part, text string) bool {
	h := c.holes.Numbered(part.Number)
	return strings.ContainsFunc(text, func(r rune) bool { return never(h, func(other rune) bool { return other == r }) })
}

// straddles tells whether a search text may begin in what is written out and go on into a hole, or the other way round.
func (c *call) straddles(text, search string) bool {
	parts := hole.Parts(text)
	for i, part := range parts {
		if !part.Hole {
			continue
		}
		h := c.holes.Numbered(part.Number)
		for n := 1; n < len(search); n++ {
			before, after := search[:n], search[n:]
			if i > 0 && (parts[i-1].Hole || strings.HasSuffix(parts[i-1].Text, before)) && !neverByte(h, after[0]) {
				return true
			}
			if i+1 < len(parts) && (parts[i+1].Hole || strings.HasPrefix(parts[i+1].Text, after)) && !neverByte(h, before[n-1]) {
				return true
			}
		}
	}
	return false
}

func neverByte(h hole.Hole, b byte) bool {
	return never(h, func(r rune) bool { return r == rune(b) })
}

// split splits what is written out. Where a hole may have the separator too, the list is open: which elements stand at
// which index is not known.
func split(c *call) (cty.Value, error) {
	separator, text := c.text(0), c.text(1)
	if separator == nil || text == nil || !hole.InText(*text) || hole.InText(*separator) {
		return cty.NilVal, nil
	}
	if *separator == "" || c.straddles(*text, *separator) {
		return cty.NilVal, nil
	}
	certain := true
	for _, part := range hole.Parts(*text) {
		if part.Hole && !c.excludes(part, *separator) {
			certain = false
		}
	}
	if !certain && !strings.Contains(*text, *separator) {
		return cty.NilVal, nil
	}
	var elements []cty.Value
	for _, piece := range strings.Split(*text, *separator) {
		element := ""
		for _, part := range hole.Parts(piece) {
			if part.Hole && !c.excludes(part, *separator) {
				h := hole.Hole{Reason: c.reason(), Expression: c.describe(c.args[0], cty.StringVal(part.Text)) + "[*]"}
				element += c.holes.Text(h).AsString()
			} else {
				element += part.Text
			}
		}
		elements = append(elements, cty.StringVal(element))
	}
	list := c.marked(cty.ListVal(elements))
	if !certain {
		h, _ := c.why(c.args[1])
		list = c.holes.Open(list, h)
	}
	return list, nil
}
