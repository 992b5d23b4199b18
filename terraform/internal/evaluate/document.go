package evaluate

import (
	"sort"
	"strconv"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// statement is one of a policy document, in the order in which the provider prints it.
type statement struct {
	sid  string
	json any
	// ranges are those of its parts, by pointers inside.
	ranges map[string]hole.Range
}

// policyDocument is what a `data "aws_iam_policy_document"` is rendered from.
type policyDocument struct {
	version, id string
	statements  []statement
}

// document is the JSON of a policy document as the provider renders it. See the page aws_iam_policy_document of the
// AWS provider: documents of `source` come first, the statements of its own then, those of `override` last; a
// statement takes the place of an earlier one of its Sid.
func (r *run) document(i *resourceInstance) cty.Value {
	s := i.scope(r)
	c := s.content(i.block.body, s.context())
	out := &policyDocument{}
	for _, name := range []string{"source_json", "source_policy_documents"} {
		r.mergeArgument(out, c, name)
	}
	own := policyDocument{version: "2012-10-17", id: r.textIn(c, "policy_id")}
	if version := r.textIn(c, "version"); version != "" {
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
	text := r.text(a.expr.Range())
	bare, _ := a.value.Unmark()
	switch {
	case bare.IsKnown() && bare.IsNull():
	case strings.HasSuffix(name, "_json") || !bare.IsKnown() || bare.Type() == cty.String:
		r.mergeText(out, r.asText(a.value, text), text)
	default:
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			if !element.IsNull() {
				r.mergeText(out, r.asText(element, text), text)
			}
		}
	}
}

// mergeText merges a document; one that is not known is a statement of which nothing is known.
func (r *run) mergeText(out *policyDocument, text cty.Value, expression string) {
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
			h = hole.Hole{Reason: "the document merged in is not JSON", Expression: expression}
		}
		whole := r.holes.Text(h).AsString()
		out.statements = append(out.statements, statement{json: whole})
		return
	}
	inside := r.insideOf(r.sources.Of(text), converted.AsString())
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
		made := statement{json: one, ranges: under(inside, prefix)}
		if fields, ok := one.(ordered); ok {
			made.sid, _ = fields.get("Sid").(string)
		}
		merged.statements = append(merged.statements, made)
	}
	out.merge(merged)
}

// under are the ranges below a pointer.
func under(inside map[string]hole.Range, prefix string) map[string]hole.Range {
	out := map[string]hole.Range{}
	for pointer, rng := range inside {
		if rest, ok := strings.CutPrefix(pointer, prefix); ok && (rest == "" || rest[0] == '/') {
			out[rest] = rng
		}
	}
	return out
}

func (r *run) textIn(c *content, name string) string {
	a, ok := c.attribute(name)
	if !ok || a.value.IsNull() {
		return ""
	}
	bare, _ := r.asText(a.value, r.text(a.expr.Range())).Unmark()
	if text, err := convert.Convert(bare, cty.String); err == nil && !text.IsNull() {
		return text.AsString()
	}
	return ""
}

func (r *run) statement(c *content) statement {
	out := statement{sid: r.textIn(c, "sid"), ranges: map[string]hole.Range{"": rangeOf(c.rng)}}
	var fields ordered
	put := func(name string, value any) {
		if value != nil {
			fields = append(fields, field{name, value})
		}
	}
	if out.sid != "" {
		put("Sid", out.sid)
	}
	effect := r.textIn(c, "effect")
	if effect == "" {
		effect = "Allow"
	}
	put("Effect", effect)
	for _, list := range [][2]string{{"actions", "Action"}, {"not_actions", "NotAction"}, {"resources", "Resource"}, {"not_resources", "NotResource"}} {
		if value := r.listIn(c, list[0], out.ranges, "/"+list[1]); value != nil {
			if strings.HasSuffix(list[1], "Resource") {
				value = withVariables(value)
			}
			put(list[1], sorted(value))
		}
	}
	put("Principal", r.principals(c.blocks["principals"], out.ranges, "/Principal"))
	put("NotPrincipal", r.principals(c.blocks["not_principals"], out.ranges, "/NotPrincipal"))
	put("Condition", r.conditions(c.blocks["condition"], out.ranges))
	out.json = fields
	return out
}

// listIn is a list of strings; one that is not known is its hole.
func (r *run) listIn(c *content, name string, ranges map[string]hole.Range, pointer string) any {
	a, ok := c.attribute(name)
	if !ok {
		return nil
	}
	ranges[pointer] = rangeOf(a.expr.Range())
	text := r.text(a.expr.Range())
	bare, _ := a.value.Unmark()
	if bare.IsKnown() && bare.IsNull() {
		return nil
	}
	if !bare.IsKnown() || !bare.CanIterateElements() {
		whole, _ := r.asText(a.value, text).Unmark()
		if one, err := convert.Convert(whole, cty.String); err == nil && !one.IsNull() {
			return []any{one.AsString()}
		}
		return nil
	}
	list := []any{}
	for it := bare.ElementIterator(); it.Next(); {
		_, element := it.Element()
		inner, _ := r.asText(element, text).Unmark()
		if one, err := convert.Convert(inner, cty.String); err == nil && !one.IsNull() {
			list = append(list, one.AsString())
		}
	}
	if len(list) == 0 {
		return nil
	}
	return list
}

// sorted is a list as the provider prints it: one element alone, several in falling order.
func sorted(value any) any {
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

// withVariables writes IAM's variables, which stand as &{…} in Terraform.
func withVariables(value any) any {
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
		kind := r.textIn(b, "type")
		if _, ok := ranges[pointer]; !ok {
			ranges[pointer] = rangeOf(b.rng)
		}
		list, _ := withVariables(r.listIn(b, "identifiers", ranges, pointer+"/"+escape(kind))).([]any)
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
		out[i].value = sorted(out[i].value)
	}
	return out
}

func (r *run) conditions(blocks []*content, ranges map[string]hole.Range) any {
	var out ordered
	for _, b := range blocks {
		test, variable := r.textIn(b, "test"), r.textIn(b, "variable")
		pointer := "/Condition/" + escape(test)
		if _, ok := ranges[pointer]; !ok {
			ranges[pointer] = rangeOf(b.rng)
		}
		list, _ := withVariables(r.listIn(b, "values", ranges, pointer+"/"+escape(variable))).([]any)
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
	text := encode(fields)
	r.spend(len(text))
	return cty.StringVal(text).Mark(r.sources.Mark(hole.Source{Inside: inside, Text: text}))
}
