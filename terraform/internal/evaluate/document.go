package evaluate

import (
	"strconv"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

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
	c := s.content(i.block.own(), s.context())
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
	indexes := map[string]int{}
	for at, stmt := range d.statements {
		if stmt.sid != "" {
			indexes[stmt.sid] = at
		}
	}
	for _, stmt := range other.statements {
		if at, ok := indexes[stmt.sid]; ok && stmt.sid != "" {
			d.statements[at] = stmt
			continue
		}
		if stmt.sid != "" {
			indexes[stmt.sid] = len(d.statements)
		}
		d.statements = append(d.statements, stmt)
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
		h, found := r.holes.HoleOf(bare)
		if !found {
			h = hole.Hole{Reason: "the merged policy document is not JSON", Expression: expression}
		}
		whole := r.holes.StringValue(h).AsString()
		out.statements = append(out.statements, statement{json: whole})
		return
	}
	inside := r.jsonRanges(r.sources.SourceOf(text), converted.AsString())
	merged := policyDocument{}
	merged.id, _ = document.get("Id").(string)
	merged.version, _ = document.get("Version").(string)
	list, isList := document.get("Statement").([]any)
	if !isList {
		if stmt := document.get("Statement"); stmt != nil {
			list = []any{stmt}
		}
	}
	r.budget.WorkOf(len(list), comparisonCost*(1+len(inside)))
	r.budget.Work(comparisonCost * len(out.statements))
	for at, stmt := range list {
		prefix := "/Statement"
		if isList {
			prefix += "/" + strconv.Itoa(at)
		}
		added := statement{json: stmt, ranges: rangesBelow(inside, prefix)}
		if fields, ok := stmt.(ordered); ok {
			added.sid, _ = fields.get("Sid").(string)
		}
		merged.statements = append(merged.statements, added)
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

func (r *run) render(d *policyDocument) cty.Value {
	inside := map[string]hole.Range{}
	list := make([]any, 0, len(d.statements))
	for at, stmt := range d.statements {
		list = append(list, stmt.json)
		for pointer, rng := range stmt.ranges {
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
	r.budget.Bytes(len(text))
	return cty.StringVal(text).Mark(r.sources.Mark(hole.Source{Ranges: inside, Text: text}))
}
