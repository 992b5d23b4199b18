package function

import (
	"regexp"
	"regexp/syntax"

	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// maxInstructions limits the size of a compiled regular expression. Nested repetitions such as (a{1000}){1000} multiply.
const maxInstructions = 10_000

// matching is the rule of regex and regexall.
func matching(c *call) (cty.Value, error) {
	pattern, text := c.stringArgument(0), c.stringArgument(1)
	if pattern == nil || text == nil || hole.InString(*pattern) || hole.InString(*text) {
		return cty.NilVal, nil
	}
	c.chargeMatching(*pattern, *text)
	if re, err := regexp.Compile(*pattern); err == nil && c.name != "regex" && len(*text) > maxElements {
		if len(re.FindAllStringIndex(*text, maxElements+1)) > maxElements {
			return cty.NilVal, errTooMany
		}
	}
	return cty.NilVal, nil
}

// chargeMatching charges the search for a regular expression. In the worst case, each character of the text visits each
// instruction of the compiled expression.
func (c *call) chargeMatching(pattern, text string) {
	c.budget.Work(parsingCost * len(pattern))
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return
	}
	if instructions(parsed, maxInstructions) > maxInstructions {
		c.budget.Fail("a regular expression is too large")
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err == nil {
		c.budget.WorkOf(len(text), len(program.Inst))
	}
}

// parsingCost is the number of elementary operations to parse a byte of a regular expression.
const parsingCost = 50

// instructions estimates the number of instructions of a regular expression, up to limit.
func instructions(re *syntax.Regexp, limit int) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		if n += instructions(sub, limit); n > limit {
			break
		}
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, limit+1)
}
