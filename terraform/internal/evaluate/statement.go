package evaluate

import (
	"sort"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// statement is a policy statement with its members in the order of the AWS provider.
type statement struct {
	sid  string
	json any
	// ranges maps JSON pointers inside the statement to source ranges.
	ranges map[string]hole.Range
}

func (r *run) stringArgument(c *content, name string) string {
	a, ok := c.attribute(name)
	if !ok || a.value.IsNull() {
		return ""
	}
	bare, _ := r.asString(a.value, r.snippet(a.expr.Range())).Unmark()
	if text, err := convert.Convert(bare, cty.String); err == nil && !text.IsNull() {
		return text.AsString()
	}
	return ""
}

func (r *run) statement(c *content) statement {
	out := statement{sid: r.stringArgument(c, "sid"), ranges: map[string]hole.Range{"": rangeOf(c.rng)}}
	var fields ordered
	put := func(name string, value any) {
		if value != nil {
			fields = append(fields, field{name, value})
		}
	}
	if out.sid != "" {
		put("Sid", out.sid)
	}
	effect := r.stringArgument(c, "effect")
	if effect == "" {
		effect = "Allow"
	}
	put("Effect", effect)
	for _, list := range [][2]string{{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"}} {
		if value := r.listArgument(c, list[0], out.ranges, "/"+list[1]); value != nil {
			if strings.HasSuffix(list[1], "Resource") {
				value = expandVariables(value)
			}
			put(list[1], inProviderOrder(value))
		}
	}
	put("Principal", r.principals(c.blocks["principals"], out.ranges, "/Principal"))
	put("NotPrincipal", r.principals(c.blocks["not_principals"], out.ranges, "/NotPrincipal"))
	put("Condition", r.conditions(c.blocks["condition"], out.ranges))
	out.json = fields
	return out
}

// listArgument returns a list of strings. An unknown list becomes its placeholder.
func (r *run) listArgument(c *content, name string, ranges map[string]hole.Range, pointer string) any {
	a, ok := c.attribute(name)
	if !ok {
		return nil
	}
	ranges[pointer] = rangeOf(a.expr.Range())
	text := r.snippet(a.expr.Range())
	bare, _ := a.value.Unmark()
	if bare.IsKnown() && bare.IsNull() {
		return nil
	}
	if !bare.IsKnown() || !bare.CanIterateElements() {
		whole, _ := r.asString(a.value, text).Unmark()
		if one, err := convert.Convert(whole, cty.String); err == nil && !one.IsNull() {
			return []any{one.AsString()}
		}
		return nil
	}
	list := []any{}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		inner, _ := r.asString(element, text).Unmark()
		if one, err := convert.Convert(inner, cty.String); err == nil && !one.IsNull() {
			list = append(list, one.AsString())
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// inProviderOrder returns a list as the provider renders it: a single element without a list, otherwise in descending
// order.
func inProviderOrder(value any) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	if len(list) == 1 {
		return list[0]
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].(string) > list[j].(string) })
	return list
}

// expandVariables replaces &{…}, the notation in Terraform for IAM policy variables, by ${…}.
func expandVariables(value any) any {
	if list, ok := value.([]any); ok {
		for i, one := range list {
			list[i] = strings.ReplaceAll(one.(string), "&{", "${")
		}
	}
	return value
}

// comparisonCost is the number of elementary operations that the comparison of two names takes.
const comparisonCost = 10

func (r *run) principals(blocks []*content, ranges map[string]hole.Range, pointer string) any {
	var out ordered
	for _, b := range blocks {
		r.budget.Work(comparisonCost * len(out))
		kind := r.stringArgument(b, "type")
		if _, ok := ranges[pointer]; !ok {
			ranges[pointer] = rangeOf(b.rng)
		}
		list, _ := expandVariables(r.listArgument(b, "identifiers", ranges, pointer+"/"+escape(kind))).([]any)
		if len(blocks) == 1 && kind == "*" && len(list) == 1 && list[0] == "*" {
			return "*"
		}
		if at := out.index(kind); at >= 0 {
			out[at].value = append(out[at].value.([]any), list...)
		} else {
			out = append(out, field{kind, append([]any{}, list...)})
		}
	}
	if out == nil {
		return nil
	}
	for i := range out {
		out[i].value = inProviderOrder(out[i].value)
	}
	return out
}

func (r *run) conditions(blocks []*content, ranges map[string]hole.Range) any {
	var out ordered
	for _, b := range blocks {
		r.budget.Work(comparisonCost * len(out))
		test, variable := r.stringArgument(b, "test"), r.stringArgument(b, "variable")
		pointer := "/Condition/" + escape(test)
		if _, ok := ranges[pointer]; !ok {
			ranges[pointer] = rangeOf(b.rng)
		}
		list, _ := expandVariables(r.listArgument(b, "values", ranges, pointer+"/"+escape(variable))).([]any)
		at := out.index(test)
		if at < 0 {
			at = len(out)
			out = append(out, field{test, ordered(nil)})
		}
		keys := out[at].value.(ordered)
		r.budget.Work(comparisonCost * len(keys))
		if key := keys.index(variable); key >= 0 {
			keys[key].value = append(keys[key].value.([]any), list...)
		} else {
			keys = append(keys, field{variable, append([]any{}, list...)})
		}
		out[at].value = keys
	}
	if out == nil {
		return nil
	}
	for i := range out {
		keys := out[i].value.(ordered)
		for k := range keys {
			if list := keys[k].value.([]any); len(list) == 1 {
				keys[k].value = list[0]
			}
		}
	}
	return out
}

var escapes = strings.NewReplacer("~", "~0", "/", "~1")

func escape(name string) string { return escapes.Replace(name) }
