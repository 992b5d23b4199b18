package evaluate

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// traverse follows steps into a value. The traversal whole is the complete reference, for its source text.
func (s *scope) traverse(value cty.Value, steps []hcl.Traverser, whole hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	for _, step := range steps {
		rng := step.SourceRange()
		text := func() string {
			if whole != nil {
				return s.run.snippet(hcl.RangeBetween(whole[0].SourceRange(), rng))
			}
			return s.run.snippet(rng)
		}
		var diags hcl.Diagnostics
		switch step := step.(type) {
		case hcl.TraverseAttr:
			value, diags = s.step(value, cty.StringVal(step.Name), text, rng)
		case hcl.TraverseIndex:
			value, diags = s.step(value, step.Key, text, rng)
		default:
			return s.run.unevaluable(rng, nil), nil
		}
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
	}
	return value, nil
}

// step follows one step into a value: an attribute name or an index.
func (s *scope) step(value, key cty.Value, text func() string, rng hcl.Range) (cty.Value, hcl.Diagnostics) {
	r := s.run
	bare, marks := value.Unmark()
	key, _ = key.Unmark()
	r.budget.Conversion(key, cty.Number)
	name := keyString(key)
	if !bare.IsKnown() || bare.Type() == cty.String && hole.InString(bare.AsString()) {
		h := r.holeOf(value, text())
		inner := hole.Hole{Reason: h.Reason, Expression: appendStep(h.Expression, key)}
		if h.Leaf != nil {
			leaf := *h.Leaf
			if leaf.Attribute == "" {
				leaf.Attribute = name
			} else {
				leaf.Attribute += "." + name
			}
			leaf.Optional = leaf.Optional || key.Type() == cty.Number
			inner.Leaf = &leaf
		}
		ty := cty.DynamicPseudoType
		switch unknownType := bare.Type(); {
		case unknownType.IsCollectionType():
			ty = unknownType.ElementType()
		case unknownType.IsObjectType() && unknownType.HasAttribute(name):
			ty = unknownType.AttributeType(name)
		case looksLikeString(name):
			ty = cty.String
		}
		return r.unknownValue(inner, ty).WithMarks(hole.WithoutHoleMarks(marks)), nil
	}
	if bare.IsNull() {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(rng, "Attempt to get attribute from null value")}
	}
	ty := bare.Type()
	switch {
	case ty.IsObjectType() && ty.HasAttribute(name):
		return bare.GetAttr(name).WithMarks(marks), nil
	case ty.IsObjectType():
		for m := range marks {
			if mark, ok := m.(resourceMark); ok {
				return mark.instance.hole(r, name, text()), nil
			}
		}
	case ty.IsMapType():
		if key, err := convert.Convert(key, cty.String); err == nil && key.IsKnown() && !key.IsNull() {
			if bare.HasIndex(key).True() {
				return bare.Index(key).WithMarks(marks), nil
			}
			// An unknown part of the map can have the key.
			if _, ok := r.holes.HoleOf(cty.DynamicVal.WithMarks(marks)); ok {
				return r.unknownValue(r.derivedHole(value, text()), ty.ElementType()), nil
			}
		}
	case ty.IsTupleType() || ty.IsListType():
		if key, err := convert.Convert(key, cty.Number); err == nil && key.IsKnown() && !key.IsNull() {
			if has := bare.HasIndex(key); has.IsKnown() && has.True() {
				return bare.Index(key).WithMarks(marks), nil
			}
			if hole.In(bare) {
				// A list that was split at a hole, or that has unknown elements, can be longer.
				return r.holes.Value(r.derivedHole(value, text()), elementType(ty)), nil
			}
		}
	}
	// A merge with an unknown map can have the attribute.
	if _, ok := r.holes.HoleOf(cty.DynamicVal.WithMarks(marks)); ok {
		return r.holes.Value(r.derivedHole(value, text()), cty.DynamicPseudoType), nil
	}
	return cty.DynamicVal, hcl.Diagnostics{errorAt(rng, "A value of type "+ty.FriendlyName()+" has no element "+name)}
}

func elementType(ty cty.Type) cty.Type {
	if ty.IsListType() {
		return ty.ElementType()
	}
	for _, inner := range ty.TupleElementTypes() {
		if inner != cty.String {
			return cty.DynamicPseudoType
		}
	}
	return cty.String
}

func appendStep(text string, key cty.Value) string {
	if key.Type() == cty.String && hclsyntax.ValidIdentifier(key.AsString()) {
		return text + "." + key.AsString()
	}
	if key.Type() == cty.String {
		return text + "[" + quoted(key.AsString()) + "]"
	}
	return text + "[" + keyString(key) + "]"
}

var stringAttribute = regexp.MustCompile(`(^|_)(arn|id|name|region|partition|domain|url|uri|prefix|suffix|description|rendered|json|value|user|key|type|path|endpoint|alias|dns|password|account|content)$`)

var stringAttributes = map[string]bool{}

func looksLikeString(name string) bool {
	known, ok := stringAttributes[name]
	if !ok {
		known = stringAttribute.MatchString(strings.ToLower(name))
		stringAttributes[name] = known
	}
	return known
}

// stepName returns the attribute name of a step. Index steps have none.
func stepName(step hcl.Traverser) (string, bool) {
	if attr, ok := step.(hcl.TraverseAttr); ok {
		return attr.Name, true
	}
	return "", false
}
