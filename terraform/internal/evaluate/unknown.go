package evaluate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// unevaluable returns a hole for an expression that cannot be evaluated.
func (r *run) unevaluable(rng hcl.Range, diags hcl.Diagnostics) cty.Value {
	reason := "evaluation failed"
	for _, diag := range diags {
		if diag.Severity == hcl.DiagError {
			reason += ": " + strings.TrimSuffix(sentence(detailOf(diag)), ".")
			if diag.Detail == "" {
				reason = "evaluation failed: " + diag.Summary
			}
			break
		}
	}
	return r.holes.Value(hole.Hole{Reason: reason, Expression: r.snippet(rng)}, cty.DynamicPseudoType)
}

// holeOf returns the hole of a value, or a new hole for its source text.
func (r *run) holeOf(v cty.Value, text string) hole.Hole {
	if h, ok := r.holes.HoleOf(v); ok {
		return h
	}
	return hole.Hole{Reason: afterApply, Expression: text}
}

const afterApply = "known only after apply"

// derivedHole returns the hole of a result that is computed from a value with a hole.
func (r *run) derivedHole(v cty.Value, text string) hole.Hole {
	return hole.Hole{Reason: r.holeOf(v, text).Reason, Expression: text}
}

// asString returns a value for use in a string. An unknown value becomes a placeholder.
func (r *run) asString(v cty.Value, text string) cty.Value {
	bare, marks := v.Unmark()
	if bare.IsKnown() {
		return v
	}
	return r.holes.StringValue(r.holeOf(v, text)).WithMarks(hole.WithoutHoleMarks(marks))
}

// asStringAt calls asString with the source text of a range.
func (r *run) asStringAt(v cty.Value, rng hcl.Range) cty.Value {
	if v.IsKnown() {
		return v
	}
	return r.asString(v, r.snippet(rng))
}

// unknownValue returns a value whose parts are all unknown. Objects and tuples have the parts that their type
// defines.
func (r *run) unknownValue(h hole.Hole, ty cty.Type) cty.Value {
	switch {
	case ty.IsObjectType():
		parts := map[string]cty.Value{}
		for name, inner := range ty.AttributeTypes() {
			part := h
			part.Expression += "." + name
			parts[name] = r.unknownValue(part, inner)
		}
		return cty.ObjectVal(parts)
	case ty.IsTupleType():
		parts := make([]cty.Value, 0, ty.Length())
		for i, inner := range ty.TupleElementTypes() {
			part := h
			part.Expression += "[" + strconv.Itoa(i) + "]"
			parts = append(parts, r.unknownValue(part, inner))
		}
		return cty.TupleVal(parts)
	}
	return r.holes.Value(h, ty)
}

// unknownElement returns an element of an unknown collection.
func (r *run) unknownElement(collection cty.Value, text string) cty.Value {
	bare, _ := collection.Unmark()
	h := r.holeOf(collection, text)
	h.Expression += "[*]"
	ty := cty.DynamicPseudoType
	if bare.Type().IsCollectionType() {
		ty = bare.Type().ElementType()
	}
	return r.unknownValue(h, ty)
}

func (r *run) unknownKey(collection cty.Value, text string) cty.Value {
	h := r.holeOf(collection, text)
	h.Expression = "a key of " + h.Expression
	h.Leaf = nil
	return r.holes.StringValue(h)
}

// choiceID identifies the subject of a choice: the hole if the value consists of one, otherwise its source text.
func (r *run) choiceID(v cty.Value, text string, s *scope) string {
	bare, _ := v.Unmark()
	if h, ok := r.holes.HoleOf(v); ok && (!bare.IsKnown() || bare.Type() == cty.String && hole.IsWhole(bare.AsString())) {
		if h.Leaf != nil || strings.HasPrefix(h.Expression, "var.") && !strings.ContainsAny(h.Expression, " (") {
			return fmt.Sprintf("%s %s %v", h.Reason, h.Expression, h.Leaf)
		}
	}
	return s.module.address + "|" + text
}
