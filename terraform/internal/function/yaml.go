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
	// As YAML escapes the characters of a hole.
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
	if count(value, maxElements) > maxElements {
		return cty.NilVal, tooMany()
	}
	bare, _ := c.holes.Symbolic(value, c.described()).UnmarkDeep()
	v, err := c.base.Call([]cty.Value{bare})
	if err != nil {
		return cty.NilVal, err
	}
	return c.marked(cty.StringVal(unescapeHoles(v.AsString()))), nil
}

// count counts the values inside of a value, up to a limit.
func count(v cty.Value, limit int) int {
	bare, _ := v.Unmark()
	n := 1
	if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() {
		return n
	}
	for it := bare.ElementIterator(); it.Next() && n <= limit; {
		_, element := it.Element()
		n += count(element, limit-n)
	}
	return n
}

func decodeYAML(c *call) (cty.Value, error) {
	text := c.text(0)
	if text == nil {
		return cty.NilVal, nil
	}
	if nesting(*text) > maxDepth || indentation(*text) > maxDepth {
		return cty.NilVal, errDeep
	}
	if expansion(*text, maxElements) > maxElements {
		return cty.NilVal, tooMany()
	}
	v, err := c.run()
	if err != nil && hole.InText(*text) {
		return cty.NilVal, nil
	}
	return v, err
}

// indentation is how deeply blocks may be nested.
func indentation(text string) int {
	deepest := 0
	for line := range strings.SplitSeq(text, "\n") {
		deepest = max(deepest, len(line)-len(strings.TrimLeft(line, " \t-?")))
	}
	return deepest
}
