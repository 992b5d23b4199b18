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

// resolve is the value of a reference.
func (s *scope) resolve(t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	r := s.run
	root := t.RootName()
	if len(t) < 2 {
		return r.failed(t.SourceRange(), hcl.Diagnostics{errorAt(t.SourceRange(), "There is nothing of the name "+root)}), nil
	}
	name, isAttr := stepName(t[1])
	if !isAttr {
		return r.failed(t.SourceRange(), nil), nil
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
		return r.failed(t.SourceRange(), nil), nil
	case "path":
		return s.path(name, t), nil
	case "terraform", "tofu":
		return s.terraform(name, t), nil
	case "self":
		return r.failed(t.SourceRange(), nil), nil
	case "data":
		if len(t) < 3 {
			return r.failed(t.SourceRange(), nil), nil
		}
		if label, ok := stepName(t[2]); ok {
			return s.resourceReference("data."+name+"."+label, t[3:], t)
		}
		return r.failed(t.SourceRange(), nil), nil
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
		return s.run.failed(t.SourceRange(), nil)
	}
	if s.from != nil {
		s.run.deps.add(s.from)
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
	return s.run.holes.Text(hole.Hole{Reason: "it is that of the machine", Expression: s.run.text(t.SourceRange())})
}

func (s *scope) terraform(name string, t hcl.Traversal) cty.Value {
	if name == "workspace" && s.run.request.Workspace != "" {
		return cty.StringVal(s.run.request.Workspace)
	}
	return s.run.holes.Text(hole.Hole{Reason: "the workspace is not given", Expression: s.run.text(t.SourceRange())})
}

// reference is the value of `module.name…`.
func (m *instance) reference(s *scope, name string, t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	r := s.run
	if m.config.calls[name] == nil {
		return r.failed(t.SourceRange(), hcl.Diagnostics{errorAt(t.SourceRange(), "There is no module "+name)}), nil
	}
	all := r.children(m, name)
	one, rest, whole := pick(s, all.repetition, t[2:])
	if whole {
		values := make([]cty.Value, len(all.instances))
		for i, instance := range all.instances {
			values[i] = r.outputs(instance)
		}
		return s.traverse(r.all(all.repetition, values), rest, t)
	}
	if one < 0 {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(t.SourceRange(), "module."+name+" has no such instance")}
	}
	instance := all.instances[one]
	if len(rest) > 0 {
		if output, ok := stepName(rest[0]); ok {
			return s.traverse(r.output(instance, output), rest[1:], t)
		}
	}
	return s.traverse(r.outputs(instance), rest, t)
}

// pick finds the instance that a reference names, and what is left of the reference. `whole`: all of them are meant.
func pick(s *scope, all repetition, steps []hcl.Traverser) (one int, rest []hcl.Traverser, whole bool) {
	if all.kind == "" {
		if len(all.keys) == 0 {
			return -1, steps, false
		}
		// `[0]` of what has no count is an error that old configurations have.
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
	wanted := keyText(step.Key)
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

// value is all instances as one value.
func (r *run) all(all repetition, values []cty.Value) cty.Value {
	if all.open && all.kind != "" {
		known := all
		known.open = false
		return r.holes.Open(r.all(known, values), all.why)
	}
	switch all.kind {
	case "count":
		return cty.TupleVal(values)
	case "for_each":
		named := map[string]cty.Value{}
		for i, key := range all.keys {
			named[keyText(key.each.key)] = values[i]
		}
		return cty.ObjectVal(named)
	}
	if len(values) == 0 {
		return cty.DynamicVal
	}
	return values[0]
}

// traverse takes steps into a value. `whole` is the reference as it is written.
func (s *scope) traverse(value cty.Value, steps []hcl.Traverser, whole hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	for _, step := range steps {
		rng := step.SourceRange()
		text := func() string {
			if whole != nil {
				return s.run.text(hcl.RangeBetween(whole[0].SourceRange(), rng))
			}
			return s.run.text(rng)
		}
		var diags hcl.Diagnostics
		switch step := step.(type) {
		case hcl.TraverseAttr:
			value, diags = s.step(value, cty.StringVal(step.Name), text, rng)
		case hcl.TraverseIndex:
			value, diags = s.step(value, step.Key, text, rng)
		default:
			return s.run.failed(rng, nil), nil
		}
		if diags.HasErrors() {
			return cty.DynamicVal, diags
		}
	}
	return value, nil
}

// step takes one step into a value, by the name of an attribute or an index.
func (s *scope) step(value, key cty.Value, text func() string, rng hcl.Range) (cty.Value, hcl.Diagnostics) {
	r := s.run
	bare, marks := value.Unmark()
	key, _ = key.Unmark()
	name := keyText(key)
	if !bare.IsKnown() || bare.Type() == cty.String && hole.InText(bare.AsString()) {
		h := r.holeOf(value, text())
		inner := hole.Hole{Reason: h.Reason, Expression: stepText(h.Expression, key)}
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
		case looksLikeText(name):
			ty = cty.String
		}
		return r.symbolic(inner, ty).WithMarks(hole.Washed(marks)), nil
	}
	if bare.IsNull() {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(rng, "It takes a part of a null value")}
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
			// A part that is not known may have it.
			if _, ok := r.holes.Of(cty.DynamicVal.WithMarks(marks)); ok {
				return r.symbolic(r.named(value, text()), ty.ElementType()), nil
			}
		}
	case ty.IsTupleType() || ty.IsListType():
		if key, err := convert.Convert(key, cty.Number); err == nil && key.IsKnown() && !key.IsNull() {
			if has := bare.HasIndex(key); has.IsKnown() && has.True() {
				return bare.Index(key).WithMarks(marks), nil
			}
			if hole.In(bare) {
				// What is split at a hole, or has elements that are not known, may be longer.
				return r.holes.Value(r.named(value, text()), elementType(ty)), nil
			}
		}
	}
	// A merge with what is not known may have it.
	if _, ok := r.holes.Of(cty.DynamicVal.WithMarks(marks)); ok {
		return r.holes.Value(r.named(value, text()), cty.DynamicPseudoType), nil
	}
	return cty.DynamicVal, hcl.Diagnostics{errorAt(rng, "There is no element "+name+" in "+ty.FriendlyName())}
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

func stepText(text string, key cty.Value) string {
	if key.Type() == cty.String && hclsyntax.ValidIdentifier(key.AsString()) {
		return text + "." + key.AsString()
	}
	if key.Type() == cty.String {
		return text + "[" + quoted(key.AsString()) + "]"
	}
	return text + "[" + keyText(key) + "]"
}

var textual = regexp.MustCompile(`(^|_)(arn|id|name|region|partition|domain|url|uri|prefix|suffix|description|rendered|json|value|user|key|type|path|endpoint|alias|dns|password|account|content)$`)

var textNames = map[string]bool{}

func looksLikeText(name string) bool {
	known, ok := textNames[name]
	if !ok {
		known = textual.MatchString(strings.ToLower(name))
		textNames[name] = known
	}
	return known
}

// stepName is the name that a step takes; a step by an index has none.
func stepName(step hcl.Traverser) (string, bool) {
	if attr, ok := step.(hcl.TraverseAttr); ok {
		return attr.Name, true
	}
	return "", false
}
