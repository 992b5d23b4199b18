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

// resolve returns the value of a reference.
func (s *scope) resolve(t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	r := s.run
	root := t.RootName()
	if len(t) < 2 {
		return r.unevaluable(t.SourceRange(), hcl.Diagnostics{errorAt(t.SourceRange(), `No value is named "`+root+`"`)}), nil
	}
	name, isAttr := stepName(t[1])
	if !isAttr {
		return r.unevaluable(t.SourceRange(), nil), nil
	}
	switch root {
	case "var":
		return s.traverse(r.variable(s.module, name), t[2:], t)
	case "local":
		return s.traverse(r.local(s.module, name), t[2:], t)
	case "module":
		return s.module.reference(s, name, t)
	case "each":
		return s.traverse(s.eachValue(name, t), t[2:], t)
	case "count":
		if s.count != nil {
			return *s.count, nil
		}
		return r.unevaluable(t.SourceRange(), nil), nil
	case "path":
		return s.path(name, t), nil
	case "terraform", "tofu":
		return s.terraform(name, t), nil
	case "self":
		return r.unevaluable(t.SourceRange(), nil), nil
	case "data":
		if len(t) < 3 {
			return r.unevaluable(t.SourceRange(), nil), nil
		}
		if label, ok := stepName(t[2]); ok {
			return s.resourceReference("data."+name+"."+label, t[3:], t)
		}
		return r.unevaluable(t.SourceRange(), nil), nil
	case "resource":
		if len(t) >= 3 {
			if label, ok := stepName(t[2]); ok {
				return s.resourceReference(name+"."+label, t[3:], t)
			}
		}
	}
	return s.resourceReference(root+"."+name, t[2:], t)
}

func (s *scope) eachValue(name string, t hcl.Traversal) cty.Value {
	if s.each == nil {
		return s.run.unevaluable(t.SourceRange(), nil)
	}
	if s.forEachDeps != nil {
		s.run.deps.add(s.forEachDeps)
	}
	if name == "key" {
		return s.each.key
	}
	return s.each.value
}

func (s *scope) path(name string, t hcl.Traversal) cty.Value {
	switch name {
	case "module":
		return cty.StringVal(s.module.relative)
	case "root":
		return cty.StringVal(".")
	}
	return s.run.holes.StringValue(hole.Hole{Reason: "it depends on the machine that runs Terraform", Expression: s.run.snippet(t.SourceRange())})
}

func (s *scope) terraform(name string, t hcl.Traversal) cty.Value {
	if name == "workspace" && s.run.request.Workspace != "" {
		return cty.StringVal(s.run.request.Workspace)
	}
	return s.run.holes.StringValue(hole.Hole{Reason: "the workspace is not specified", Expression: s.run.snippet(t.SourceRange())})
}

// reference returns the value of a reference such as `module.name.output`.
func (m *moduleInstance) reference(s *scope, name string, t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	r := s.run
	if m.definition.calls[name] == nil {
		return r.unevaluable(t.SourceRange(), hcl.Diagnostics{errorAt(t.SourceRange(), "The module "+name+" is not declared")}), nil
	}
	all := r.children(m, name)
	one, rest, whole := selectInstance(s, all.repetition, t[2:])
	if whole {
		values := make([]cty.Value, len(all.instances))
		for i, instance := range all.instances {
			values[i] = r.outputs(instance)
		}
		return s.traverse(r.combineInstances(all.repetition, values), rest, t)
	}
	if one < 0 {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(t.SourceRange(), "module."+name+" has no instance with this key")}
	}
	instance := all.instances[one]
	if len(rest) > 0 {
		if output, ok := stepName(rest[0]); ok {
			return s.traverse(r.output(instance, output), rest[1:], t)
		}
	}
	return s.traverse(r.outputs(instance), rest, t)
}

// selectInstance returns the index of the instance that a reference names, and the remaining steps. If whole is true,
// the reference covers all instances.
func selectInstance(s *scope, all repetition, steps []hcl.Traverser) (one int, rest []hcl.Traverser, whole bool) {
	if all.kind == "" {
		if len(all.keys) == 0 {
			return -1, steps, false
		}
		// Terraform rejects `[0]` on a block without count, but older modules contain it.
		return 0, steps, false
	}
	if len(steps) == 0 {
		return -1, steps, true
	}
	step, ok := steps[0].(hcl.TraverseIndex)
	if !ok {
		return -1, steps, true
	}
	if all.open {
		return 0, steps[1:], false
	}
	wanted := keyString(step.Key)
	for i, key := range all.keys {
		if key.suffix() == (instanceKey{index: indexLike(key.index, wanted)}).suffix() {
			return i, steps[1:], false
		}
	}
	return -1, steps[1:], false
}

func indexLike(like any, text string) any {
	if _, ok := like.(int); ok {
		n := 0
		for _, digit := range text {
			if digit < '0' || digit > '9' {
				return nil
			}
			n = n*10 + int(digit-'0')
		}
		return n
	}
	return text
}

// combineInstances combines the values of all instances into the value of their block.
func (r *run) combineInstances(all repetition, values []cty.Value) cty.Value {
	if all.open && all.kind != "" {
		known := all
		known.open = false
		return r.holes.Open(r.combineInstances(known, values), all.cause)
	}
	switch all.kind {
	case "count":
		return cty.TupleVal(values)
	case "for_each":
		named := map[string]cty.Value{}
		for i, key := range all.keys {
			named[keyString(key.each.key)] = values[i]
		}
		return cty.ObjectVal(named)
	}
	if len(values) == 0 {
		return cty.DynamicVal
	}
	return values[0]
}

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
			inner.Leaf = &leaf
		}
		ty := cty.DynamicPseudoType
		switch own := bare.Type(); {
		case own.IsCollectionType():
			ty = own.ElementType()
		case own.IsObjectType() && own.HasAttribute(name):
			ty = own.AttributeType(name)
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
			if made, ok := m.(resourceMark); ok {
				return made.of.hole(r, name, text()), nil
			}
		}
	case ty.IsMapType():
		if key, err := convert.Convert(key, cty.String); err == nil && key.IsKnown() && !key.IsNull() {
			if bare.HasIndex(key).True() {
				return bare.Index(key).WithMarks(marks), nil
			}
			// An unknown part of the map can have the key.
			if _, ok := r.holes.Of(cty.DynamicVal.WithMarks(marks)); ok {
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
	if _, ok := r.holes.Of(cty.DynamicVal.WithMarks(marks)); ok {
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
