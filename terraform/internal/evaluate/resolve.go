package evaluate

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
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
		return s.traverse(r.combineInstances(all.repetition, values, t), rest, t)
	}
	if one < 0 && all.truncated {
		return s.traverse(r.unevaluatedInstances(t), rest, t)
	}
	if one < 0 && all.kind == "" {
		return s.traverse(cty.NullVal(cty.DynamicPseudoType), rest, t)
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
func (r *run) combineInstances(all repetition, values []cty.Value, t hcl.Traversal) cty.Value {
	value := r.instanceCollection(all, values, t)
	r.budget.Visited(value)
	return value
}

func (r *run) instanceCollection(all repetition, values []cty.Value, t hcl.Traversal) cty.Value {
	if all.open && all.kind != "" {
		known := all
		known.open = false
		return r.holes.Open(r.instanceCollection(known, values, t), all.cause)
	}
	if all.truncated {
		h := r.unevaluatedHole(t)
		key := &pair{key: r.holes.StringValue(h)}
		return r.holes.Open(r.instanceCollection(repetition{kind: all.kind, keys: append(slices.Clone(all.keys), instanceKey{each: key})},
			append(values, r.unevaluatedInstances(t)), t), h)
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

// unevaluatedInstances returns a hole for the instances that exceed the budget.
func (r *run) unevaluatedInstances(t hcl.Traversal) cty.Value {
	return r.holes.Value(r.unevaluatedHole(t), cty.DynamicPseudoType)
}

func (r *run) unevaluatedHole(t hcl.Traversal) hole.Hole {
	return hole.Hole{Reason: "Keywarden did not evaluate all instances", Expression: r.snippet(t.SourceRange())}
}
