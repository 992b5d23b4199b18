package evaluate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// failed is a value that cannot be evaluated.
func (r *run) failed(rng hcl.Range, diags hcl.Diagnostics) cty.Value {
	reason := "it cannot be evaluated"
	for _, diag := range diags {
		if diag.Severity == hcl.DiagError {
			reason += ": " + strings.TrimSuffix(sentence(diag.Detail), ".")
			if diag.Detail == "" {
				reason = "it cannot be evaluated: " + diag.Summary
			}
			break
		}
	}
	return r.holes.Value(hole.Hole{Reason: reason, Expression: r.text(rng)}, cty.DynamicPseudoType)
}

// holeOf is the hole of a value, or one of the text that it is written as.
func (r *run) holeOf(v cty.Value, text string) hole.Hole {
	if h, ok := r.holes.Of(v); ok {
		return h
	}
	return hole.Hole{Reason: afterApply, Expression: text}
}

const afterApply = "known only after apply"

// named is the hole of what is computed from a value with a hole.
func (r *run) named(v cty.Value, text string) hole.Hole {
	return hole.Hole{Reason: r.holeOf(v, text).Reason, Expression: text}
}

// asText is a value for a place where a text is: what is not known is a hole in it.
func (r *run) asText(v cty.Value, text string) cty.Value {
	bare, marks := v.Unmark()
	if bare.IsKnown() {
		return v
	}
	return r.holes.Text(r.holeOf(v, text)).WithMarks(hole.Washed(marks))
}

// textAt is asText for what stands at a range.
func (r *run) textAt(v cty.Value, rng hcl.Range) cty.Value {
	if v.IsKnown() {
		return v
	}
	return r.asText(v, r.text(rng))
}

// symbolic is a value of a type of which nothing is known: its parts are where the type has some.
func (r *run) symbolic(h hole.Hole, ty cty.Type) cty.Value {
	switch {
	case ty.IsObjectType():
		parts := map[string]cty.Value{}
		for name, inner := range ty.AttributeTypes() {
			part := h
			part.Expression += "." + name
			parts[name] = r.symbolic(part, inner)
		}
		return cty.ObjectVal(parts)
	case ty.IsTupleType():
		parts := make([]cty.Value, 0, ty.Length())
		for i, inner := range ty.TupleElementTypes() {
			part := h
			part.Expression += "[" + strconv.Itoa(i) + "]"
			parts = append(parts, r.symbolic(part, inner))
		}
		return cty.TupleVal(parts)
	}
	return r.holes.Value(h, ty)
}

// elementOf is an element of a collection that is not known.
func (r *run) elementOf(collection cty.Value, text string) cty.Value {
	bare, _ := collection.Unmark()
	h := r.holeOf(collection, text)
	h.Expression += "[*]"
	ty := cty.DynamicPseudoType
	if bare.Type().IsCollectionType() {
		ty = bare.Type().ElementType()
	}
	return r.symbolic(h, ty)
}

func (r *run) keyOf(collection cty.Value, text string) cty.Value {
	h := r.holeOf(collection, text)
	h.Expression = "a key of " + h.Expression
	h.Leaf = nil
	return r.holes.Text(h)
}

// idOf names what a choice is about: the hole itself where a value is nothing but one, else where it is written.
func (r *run) idOf(v cty.Value, text string, s *scope) string {
	bare, _ := v.Unmark()
	if h, ok := r.holes.Of(v); ok && (!bare.IsKnown() || bare.Type() == cty.String && hole.IsWhole(bare.AsString())) {
		if h.Leaf != nil || strings.HasPrefix(h.Expression, "var.") && !strings.ContainsAny(h.Expression, " (") {
			return fmt.Sprintf("%s %s %v", h.Reason, h.Expression, h.Leaf)
		}
	}
	return s.module.address + "|" + text
}
