package function

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// verb matches a formatting verb: flags, width, precision, index, letter.
var verb = regexp.MustCompile(`%([ +#0-]*)(\d*)(?:\.(\d*))?(?:\[(\d+)\])?([a-zA-Z%])`)

// maxPadding returns how many characters the widths and precisions of a layout can add.
func maxPadding(layout string) int {
	total := 0
	for _, match := range verb.FindAllStringSubmatch(layout, -1) {
		for _, digits := range match[2:4] {
			if len(digits) > 8 {
				return maxStringBytes + 1
			}
			n, _ := strconv.Atoi(digits)
			total += n
		}
	}
	return total
}

func format(c *call) (cty.Value, error) {
	layout := c.stringArgument(0)
	if layout == nil {
		return cty.NilVal, nil
	}
	if c.formattedSize(*layout, c.args[1:]) > maxStringBytes {
		return cty.NilVal, tooLong()
	}
	c.checkNumbers(*layout)
	if !c.hasPartialArgument() {
		return c.run()
	}
	return c.formatWithHoles(*layout, c.args[1:])
}

// checkNumbers checks the strings that verbs such as %d convert to numbers.
func (c *call) checkNumbers(layout string) {
	next := 1
	for _, match := range verb.FindAllStringSubmatch(layout, -1) {
		if match[5] == "%" {
			continue
		}
		if n, err := strconv.Atoi(match[4]); err == nil {
			next = n
		}
		if !strings.Contains("sqv", match[5]) && next > 0 && next < len(c.args) {
			c.budget.Conversion(c.args[next], cty.Number)
		}
		next++
	}
}

func (c *call) formattedSize(layout string, args []cty.Value) int {
	longest := 0
	for _, arg := range args {
		bare, _ := arg.Unmark()
		if bare.Type() == cty.String && bare.IsKnown() && !bare.IsNull() {
			longest = max(longest, len(bare.AsString()))
		}
	}
	return len(layout) + maxPadding(layout) + strings.Count(layout, "%")*longest
}

// formatWithHoles keeps a placeholder if its verb writes the argument unchanged. Otherwise it inserts a derived hole.
func (c *call) formatWithHoles(layout string, args []cty.Value) (cty.Value, error) {
	var used []cty.Value
	next := 0
	rewritten := verb.ReplaceAllStringFunc(layout, func(text string) string {
		match := verb.FindStringSubmatch(text)
		flags, width, precision, index, letter := match[1], match[2], strings.Contains(text, "."), match[4], match[5]
		if letter == "%" {
			return text
		}
		if index != "" {
			n, _ := strconv.Atoi(index)
			next = n - 1
			text = strings.Replace(text, "["+index+"]", "", 1)
		}
		if next < 0 || next >= len(args) {
			next++
			return text
		}
		arg := args[next]
		next++
		if !isPartial(arg) {
			used = append(used, arg)
			return text
		}
		verbatim := width == "" && !precision
		switch letter {
		case "s", "q":
			verbatim = verbatim && arg.Type().IsPrimitiveType()
		case "v":
			if arg.Type().IsPrimitiveType() && strings.Contains(flags, "#") {
				verbatim = verbatim && arg.Type() == cty.String
			}
		default:
			verbatim = false
		}
		if verbatim {
			used = append(used, c.holes.Symbolic(arg, c.callHole()))
			return text
		}
		h := hole.Hole{Reason: c.reason(), Expression: c.describe(c.text(cty.StringVal(text)), c.text(arg))}
		used = append(used, c.holes.StringValue(h))
		return "%s"
	})
	v, err := c.withArguments(append([]cty.Value{cty.StringVal(rewritten)}, used...)).run()
	if err != nil {
		return cty.NilVal, err
	}
	bare, _ := v.UnmarkDeep()
	return c.withArgumentMarks(bare), nil
}

// formatList formats each element. An unknown list counts as one hole that represents all of its elements.
func formatList(c *call) (cty.Value, error) {
	layout := c.stringArgument(0)
	if layout == nil {
		return cty.NilVal, nil
	}
	args := c.args[1:]
	length, fixedLength, open, unknown := -1, false, cty.NilVal, cty.NilVal
	size := c.formattedSize(*layout, args)
	lists := make([][]cty.Value, len(args))
	for i, arg := range args {
		bare, marks := arg.Unmark()
		ty := bare.Type()
		sequence := ty.IsListType() || ty.IsSetType() || ty.IsTupleType()
		switch {
		case !bare.IsKnown() && (sequence || ty == cty.DynamicPseudoType):
			unknown = arg
			continue
		case !sequence || bare.IsNull():
			continue
		}
		lists[i] = []cty.Value{}
		longest := 0
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			lists[i] = append(lists[i], element.WithMarks(marks))
			if plain, _ := element.Unmark(); plain.Type() == cty.String && plain.IsKnown() && !plain.IsNull() {
				longest = max(longest, len(plain.AsString()))
			}
		}
		size += strings.Count(*layout, "%") * longest
		if hole.IsOpen(arg) {
			open = arg
		} else {
			fixedLength = true
		}
		if length >= 0 && length != len(lists[i]) && (open != cty.NilVal || unknown != cty.NilVal) {
			return cty.NilVal, nil
		}
		length = len(lists[i])
	}
	if length > 0 && size > maxStringBytes/length {
		return cty.NilVal, tooLong()
	}
	if !c.hasPartialArgument() {
		return c.run()
	}
	if open != cty.NilVal && (fixedLength || unknown != cty.NilVal) || unknown != cty.NilVal && fixedLength {
		return cty.NilVal, nil
	}
	if length < 0 {
		length = 1
	}
	var out []cty.Value
	for row := range length {
		current := make([]cty.Value, len(args))
		for i, arg := range args {
			switch bare, _ := arg.Unmark(); {
			case lists[i] != nil && row >= len(lists[i]):
				return cty.NilVal, function.NewArgErrorf(i+1, "argument %d has length %d, which is inconsistent with another argument of length %d", i+1, len(lists[i]), length)
			case lists[i] != nil:
				current[i] = lists[i][row]
			case unknown != cty.NilVal && !bare.IsKnown() && !bare.Type().IsPrimitiveType():
				current[i] = c.unknownElement(arg)
			default:
				current[i] = arg
			}
		}
		// This applies the rule for format, not the rule for formatlist.
		one := &call{library: c.library, name: "format", base: stdlib.FormatFunc, args: append([]cty.Value{c.args[0]}, current...)}
		text, err := format(one)
		if err != nil && (open != cty.NilVal || unknown != cty.NilVal) {
			// The list can be empty at run time.
			return cty.NilVal, nil
		}
		if err != nil {
			return cty.NilVal, err
		}
		bare, _ := text.Unmark()
		out = append(out, bare)
	}
	result := cty.ListValEmpty(cty.String)
	if len(out) > 0 {
		result = cty.ListVal(out)
	}
	result = c.withArgumentMarks(result)
	for _, arg := range []cty.Value{open, unknown} {
		if arg != cty.NilVal {
			h, _ := c.cause(arg)
			result = c.holes.Open(result, h)
		}
	}
	return result, nil
}

// unknownElement returns a hole for any element of an unknown list.
func (l *library) unknownElement(list cty.Value) cty.Value {
	h, ok := l.cause(list)
	if !ok {
		h = hole.Hole{Reason: "not known", Expression: "…"}
	}
	// The hole that opens a list is not its elements.
	whole, _ := l.holes.HoleOf(list)
	h = hole.Hole{Reason: h.Reason, Expression: h.Expression + "[*]", Leaf: whole.Leaf}
	element := cty.DynamicPseudoType
	if ty := list.Type(); ty.IsCollectionType() {
		element = ty.ElementType()
	}
	return l.holes.Value(h, element)
}
