package function

import (
	"regexp"
	"strings"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

var (
	yamlEncode = yaml.YAMLEncodeFunc
	yamlDecode = yaml.YAMLDecodeFunc
	// YAML escapes the delimiters of a placeholder.
	escapedHole = regexp.MustCompile(`\\U000[fF]0000([0-9]+)\\U000[fF]0001`)
)

func unescapeHoles(text string) string {
	return escapedHole.ReplaceAllString(text, "\U000F0000$1\U000F0001")
}

func encodeYAML(c *call) (cty.Value, error) {
	value := c.args[0]
	if bare, _ := value.Unmark(); !bare.IsKnown() {
		return cty.NilVal, nil
	}
	if countValues(value, maxElements) > maxElements {
		return cty.NilVal, tooMany()
	}
	bare, _ := c.holes.Symbolic(value, c.callHole()).UnmarkDeep()
	v, err := c.base.Call([]cty.Value{bare})
	if err != nil {
		return cty.NilVal, err
	}
	return c.withArgumentMarks(cty.StringVal(unescapeHoles(v.AsString()))), nil
}

// countValues counts the values inside a value, up to limit.
func countValues(v cty.Value, limit int) int {
	bare, _ := v.Unmark()
	n := 1
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return n
	}
	for it := bare.ElementIterator(); it.Next() && n <= limit; {
		_, element := it.Element()
		n += countValues(element, limit-n)
	}
	return n
}

func decodeYAML(c *call) (cty.Value, error) {
	text := c.stringArgument(0)
	if text == nil {
		return cty.NilVal, nil
	}
	if nestingDepth(*text) > maxDepth || maxIndentation(*text) > maxDepth {
		return cty.NilVal, errTooDeep
	}
	c.budget.Digits(*text)
	if strings.Count(*text, ",")+strings.Count(*text, "\n") > maxElements {
		return cty.NilVal, errTooMany
	}
	if aliasExpansion(*text, maxElements) > maxElements {
		return cty.NilVal, tooMany()
	}
	v, err := c.run()
	if err != nil && hole.InString(*text) {
		return cty.NilVal, nil
	}
	return v, err
}

// maxIndentation returns an upper bound for the nesting of block collections.
func maxIndentation(text string) int {
	deepest := 0
	for line := range strings.SplitSeq(text, "\n") {
		deepest = max(deepest, len(line)-len(strings.TrimLeft(line, " \t-?")))
	}
	return deepest
}
