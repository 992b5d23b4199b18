package function

import (
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

var replaceFunc = typedFunction(cty.String, func(args []cty.Value) (cty.Value, error) {
	text, search, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
	if pattern, ok := regularExpression(search); ok {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return cty.NilVal, err
		}
		// $ references in the replacement expand to parts of matches, and matches do not overlap.
		matches := len(re.FindAllStringIndex(text, -1))
		if matches > 0 && len(with) > maxStringBytes/matches || strings.Count(with, "$")*len(text) > maxStringBytes {
			return cty.NilVal, tooLong()
		}
		return cty.StringVal(re.ReplaceAllString(text, with)), nil
	}
	if n := strings.Count(text, search); n > 0 && len(with) > maxStringBytes/n {
		return cty.NilVal, tooLong()
	}
	return cty.StringVal(strings.ReplaceAll(text, search, with)), nil
}, param("str", cty.String), param("substr", cty.String), param("replace", cty.String))

// regularExpression returns the regular expression of a search string between slashes.
func regularExpression(search string) (string, bool) {
	if len(search) > 1 && strings.HasPrefix(search, "/") && strings.HasSuffix(search, "/") {
		return search[1 : len(search)-1], true
	}
	return "", false
}

// replace works on the literal parts of a string. A hole becomes a derived hole unless its characters rule out a
// match.
func replace(c *call) (cty.Value, error) {
	text, search, with := c.stringArgument(0), c.stringArgument(1), c.stringArgument(2)
	if text == nil || search == nil || with == nil || hole.InString(*search) {
		return cty.NilVal, nil
	}
	if pattern, ok := regularExpression(*search); ok {
		c.chargeMatching(pattern, *text)
		if re, err := regexp.Compile(pattern); err != nil {
			return cty.NilVal, err
		} else if !hole.InString(*text) && !re.MatchString(*text) {
			return c.withArgumentMarks(cty.StringVal(*text)), nil
		}
		return cty.NilVal, nil
	}
	if !hole.InString(*text) {
		return c.run()
	}
	c.budget.WorkOf(len(*search), len(*search))
	if *search == "" || c.mayOverlapHole(*text, *search) {
		return cty.NilVal, nil
	}
	if n := strings.Count(*text, *search); n > 0 && len(*with) > maxStringBytes/n {
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
			out.WriteString(c.derivedPlaceholder(part.Text))
		}
	}
	return c.withArgumentMarks(cty.StringVal(out.String())), nil
}

// excludes reports whether a hole certainly does not contain a string.
func (c *call) excludes(part hole.Part, text string) bool {
	h := c.holes.ByNumber(part.Number)
	return strings.ContainsFunc(text, func(r rune) bool { return excludesCharacters(h, func(other rune) bool { return other == r }) })
}

// mayOverlapHole reports whether a match can start in a literal and continue into a hole, or the reverse.
func (c *call) mayOverlapHole(text, search string) bool {
	parts := hole.Parts(text)
	for i, part := range parts {
		if !part.Hole {
			continue
		}
		h := c.holes.ByNumber(part.Number)
		for n := 1; n < len(search); n++ {
			before, after := search[:n], search[n:]
			if i > 0 && (parts[i-1].Hole || strings.HasSuffix(parts[i-1].Text, before)) && !excludesByte(h, after[0]) {
				return true
			}
			if i+1 < len(parts) && (parts[i+1].Hole || strings.HasPrefix(parts[i+1].Text, after)) && !excludesByte(h, before[n-1]) {
				return true
			}
		}
	}
	return false
}

func excludesByte(h hole.Hole, b byte) bool {
	return excludesCharacters(h, func(r rune) bool { return r == rune(b) })
}

// split works on the literal parts of a string. If a hole can contain the separator, the list is open because the
// indexes of its elements are uncertain.
func split(c *call) (cty.Value, error) {
	separator, text := c.stringArgument(0), c.stringArgument(1)
	if separator != nil && text != nil && strings.Count(*text, *separator) > maxElements {
		return cty.NilVal, errTooMany
	}
	if separator == nil || text == nil || !hole.InString(*text) || hole.InString(*separator) {
		return cty.NilVal, nil
	}
	c.budget.WorkOf(len(*separator), len(*separator))
	if *separator == "" || c.mayOverlapHole(*text, *separator) {
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
				h := hole.Hole{Reason: c.reason(), Expression: c.describe(c.texts()[0], c.text(cty.StringVal(part.Text))) + "[*]"}
				element += c.holes.StringValue(h).AsString()
			} else {
				element += part.Text
			}
		}
		elements = append(elements, cty.StringVal(element))
	}
	list := c.withArgumentMarks(cty.ListVal(elements))
	if !certain {
		h, _ := c.cause(c.args[1])
		list = c.holes.Open(list, h)
	}
	return list, nil
}
