package evaluate

import (
	"sort"
	"strconv"
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

// policyDocument holds the contents of a data "aws_iam_policy_document" block.
type policyDocument struct {
	version, id string
	statements  []statement
}

// documentJSON renders a policy document like the AWS provider. Documents in source_policy_documents come first, then
// the block's own statements, then override_policy_documents. A statement replaces an earlier one with the same Sid.
// See the aws_iam_policy_document page of the AWS provider.
func (r *run) documentJSON(i *resourceInstance) cty.Value {
	s := i.scope(r)
	c := s.content(i.block.body, s.context())
	out := &policyDocument{}
	for _, name := range []string{"source_json", "source_policy_documents"} {
		r.mergeArgument(out, c, name)
	}
	own := policyDocument{version: "2012-10-17", id: r.stringArgument(c, "policy_id")}
	if version := r.stringArgument(c, "version"); version != "" {
		own.version = version
	}
	for _, b := range c.blocks["statement"] {
		own.statements = append(own.statements, r.statement(b))
	}
	out.merge(own)
	for _, name := range []string{"override_json", "override_policy_documents"} {
		r.mergeArgument(out, c, name)
	}
	return r.render(out)
}

func (d *policyDocument) merge(other policyDocument) {
	if other.id != "" {
		d.id = other.id
	}
	if other.version != "" {
		d.version = other.version
	}
	places := map[string]int{}
	for at, one := range d.statements {
		if one.sid != "" {
			places[one.sid] = at
		}
	}
	for _, one := range other.statements {
		if at, ok := places[one.sid]; ok && one.sid != "" {
			d.statements[at] = one
			continue
		}
		if one.sid != "" {
			places[one.sid] = len(d.statements)
		}
		d.statements = append(d.statements, one)
	}
}

func (r *run) mergeArgument(out *policyDocument, c *content, name string) {
	a, ok := c.attribute(name)
	if !ok {
		return
	}
	text := r.snippet(a.expr.Range())
	bare, _ := a.value.Unmark()
	switch {
	case bare.IsKnown() && bare.IsNull():
	case strings.HasSuffix(name, "_json") || !bare.IsKnown() || bare.Type() == cty.String:
		r.mergeJSON(out, r.asString(a.value, text), text)
	default:
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			if !element.IsNull() {
				r.mergeJSON(out, r.asString(element, text), text)
			}
		}
	}
}

// mergeJSON merges a JSON document. An unknown document becomes an unknown statement.
func (r *run) mergeJSON(out *policyDocument, text cty.Value, expression string) {
	bare, _ := text.Unmark()
	converted, err := convert.Convert(bare, cty.String)
	if err != nil || converted.IsNull() || converted.AsString() == "" {
		return
	}
	read, ok := decodeOrdered(converted.AsString())
	document, isMap := read.(ordered)
	if !ok || !isMap {
		h, found := r.holes.Of(bare)
		if !found {
			h = hole.Hole{Reason: "the merged policy document is not JSON", Expression: expression}
		}
		whole := r.holes.StringValue(h).AsString()
		out.statements = append(out.statements, statement{json: whole})
		return
	}
	inside := r.jsonRanges(r.sources.Of(text), converted.AsString())
	merged := policyDocument{}
	merged.id, _ = document.get("Id").(string)
	merged.version, _ = document.get("Version").(string)
	list, isList := document.get("Statement").([]any)
	if !isList {
		if one := document.get("Statement"); one != nil {
			list = []any{one}
		}
	}
	for at, one := range list {
		prefix := "/Statement"
		if isList {
			prefix += "/" + strconv.Itoa(at)
		}
		made := statement{json: one, ranges: rangesBelow(inside, prefix)}
		if fields, ok := one.(ordered); ok {
			made.sid, _ = fields.get("Sid").(string)
		}
		merged.statements = append(merged.statements, made)
	}
	out.merge(merged)
}

// rangesBelow returns the ranges below a pointer, with pointers relative to it.
func rangesBelow(inside map[string]hole.Range, prefix string) map[string]hole.Range {
	out := map[string]hole.Range{}
	for pointer, rng := range inside {
		if rest, ok := strings.CutPrefix(pointer, prefix); ok && (rest == "" || rest[0] == '/') {
			out[rest] = rng
		}
	}
	return out
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

func (r *run) principals(blocks []*content, ranges map[string]hole.Range, pointer string) any {
	var out ordered
	for _, b := range blocks {
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

func (r *run) render(d *policyDocument) cty.Value {
	inside := map[string]hole.Range{}
	list := make([]any, 0, len(d.statements))
	for at, one := range d.statements {
		list = append(list, one.json)
		for pointer, rng := range one.ranges {
			inside["/Statement/"+strconv.Itoa(at)+pointer] = rng
		}
	}
	var fields ordered
	if d.version != "" {
		fields = append(fields, field{"Version", d.version})
	}
	if d.id != "" {
		fields = append(fields, field{"Id", d.id})
	}
	if len(list) > 0 {
		fields = append(fields, field{"Statement", list})
	}
	text := encodeAsProvider(fields)
	r.addBytes(len(text))
	return cty.StringVal(text).Mark(r.sources.Mark(hole.Source{Ranges: inside, Text: text}))
}
