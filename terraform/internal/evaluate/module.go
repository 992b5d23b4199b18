package evaluate

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/function"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// moduleInstance is an instance of a module.
type moduleInstance struct {
	// definition is nil if the module is not available.
	definition *definition
	parent     *moduleInstance
	call       *call
	// scope is the scope of the call, for its arguments.
	scope *scope
	// address is empty for the root module. path is the address without instance keys: module.a.module.b.
	address, path string
	// relative is the directory relative to the root module, the value of path.module.
	relative string
	// unavailable is the reason why the module is not available.
	unavailable string
}

// qualifiedName returns the address of an object of the module.
func (m *moduleInstance) qualifiedName(name string) string {
	if m.address == "" {
		return name
	}
	return m.address + "." + name
}

// callPath returns the path of a module that this module calls.
func (m *moduleInstance) callPath(name string) string {
	return strings.TrimPrefix(m.path+".module."+name, ".")
}

// declarationRange returns the range of a declaration of the module.
func (m *moduleInstance) declarationRange(name string) hcl.Range {
	if m.definition == nil {
		return hcl.Range{}
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "local":
		if a := m.definition.locals[rest]; a != nil {
			return a.rng
		}
	case "var":
		if v := m.definition.variables[rest]; v != nil {
			return v.block.rng
		}
	case "output":
		if b := m.definition.outputs[rest]; b != nil {
			return b.rng
		}
	}
	for address, r := range m.definition.resources {
		if name == address || strings.HasPrefix(name, address+"[") || strings.HasPrefix(name, address+".") {
			return r.block.rng
		}
	}
	return hcl.Range{Filename: m.definition.directory}
}

type childInstances struct {
	repetition
	instances []*moduleInstance
}

// children returns the instances of a module call.
func (r *run) children(m *moduleInstance, name string) childInstances {
	none := func() childInstances { return childInstances{} }
	return memoize(r, m, "module."+name, func() childInstances {
		c := m.definition.calls[name]
		s := &scope{run: r, module: m}
		path := m.callPath(name)
		address := m.qualifiedName("module." + name)
		out := childInstances{repetition: s.repetitionOf(c.block.body, address)}
		r.reportTruncation(out.repetition, c.block, address, func() bool { return r.containsChecked(m, c) })
		if len(out.keys) == 0 {
			return out
		}
		config, relative, missing := r.calledModule(m, c, path)
		for _, key := range out.keys {
			address := address + key.suffix()
			out.instances = append(out.instances, &moduleInstance{definition: config, parent: m, call: c,
				scope:   &scope{run: r, module: m, each: key.each, count: key.count, forEachDeps: key.forEachDeps},
				address: address, path: path, relative: relative, unavailable: missing})
		}
		return out
	}, none)
}

// calledModule returns the definition of a called module, or the reason why it is not available.
func (r *run) calledModule(m *moduleInstance, c *call, path string) (config *definition, relative, missing string) {
	directory := ""
	source := r.sourceOf(m, c)
	if isLocal(source) {
		directory, relative = clean(m.definition.directory, source), clean(m.relative, source)
	} else {
		key := strings.ReplaceAll(strings.TrimPrefix(path, "module."), ".module.", ".")
		relative = r.installed[key]
		if relative != "" {
			directory = clean(r.request.Directory, relative)
		}
	}
	reason := "module " + c.name + " is not available"
	if directory == "" {
		r.unseenModule(c, path, source, "it is not installed", "Run terraform init before the check, or check the plan.")
		return nil, "", reason
	}
	depth := 0
	for at := m; at != nil; at = at.parent {
		if at.definition != nil && at.definition.directory == directory {
			r.moduleCycle(at, m, c)
			return nil, "", "the module calls itself"
		}
		depth++
	}
	if depth > r.budget.Modules {
		r.unseenModule(c, path, source, fmt.Sprintf("modules are nested more than %d levels deep", r.budget.Modules),
			"Check the module as a root module, or check the plan.")
		return nil, "", reason
	}
	config = r.loader.load(directory)
	if config == nil {
		r.unseenModule(c, path, source, "the directory "+directory+" contains no Terraform files that Keywarden can read",
			"Check the path of the module, and name the directory that contains both.")
		return nil, "", reason
	}
	return config, relative, ""
}

// variable returns the value of a module's variable.
func (r *run) variable(m *moduleInstance, name string) cty.Value {
	v := m.definition.variables[name]
	if v == nil {
		return r.holes.Value(hole.Hole{Reason: "the module does not declare this variable", Expression: "var." + name}, cty.DynamicPseudoType)
	}
	onCycle := func() cty.Value {
		return r.unknownValue(hole.Hole{Reason: "it refers to itself", Expression: "var." + name}, v.ty)
	}
	value := memoize(r, m, "var."+name, func() cty.Value {
		value := r.variableValue(m, v)
		if v.concealed {
			r.loader.secrets.add(value)
		}
		return value
	}, onCycle)
	if v.sensitive {
		value = value.Mark(function.Sensitive{})
	}
	return value
}

func (r *run) variableValue(m *moduleInstance, v *variable) cty.Value {
	value := cty.NilVal
	if m.parent == nil {
		if input, ok := r.inputs[v.name]; ok {
			value = r.inputValue(input, v)
		}
	} else if a := m.call.block.body.attribute(v.name); a != nil {
		value = m.scope.evaluate(a.expr)
		if v.concealed {
			r.loader.secrets.addExpression(a.expr)
		}
	}
	if value != cty.NilVal && value.IsKnown() && value.IsNull() && !v.nullable {
		value = cty.NilVal
	}
	if value == cty.NilVal && v.defaultValue != nil {
		value = (&scope{run: r, module: m}).evaluate(v.defaultValue.expr)
	}
	if value == cty.NilVal {
		return r.unsetVariable(m, v)
	}
	return r.applyType(value, v)
}

// unsetVariable returns the value of a variable without a value: one of its allowed values, or a hole.
func (r *run) unsetVariable(m *moduleInstance, v *variable) cty.Value {
	name := "var." + v.name
	if m.address != "" {
		name = m.address + "." + name
	}
	if v.ty == cty.String && len(v.allowed) > 0 && len(v.allowed) <= 16 && !r.choicesDisabled {
		return cty.StringVal(v.allowed[r.choose(Atom{ID: name, Subject: name, Values: v.allowed})])
	}
	return r.unknownValue(hole.Hole{Reason: "variable without default", Expression: name}, v.ty)
}

// applyType converts a value to the type of a variable. A value that cannot be converted because of a hole stays
// unchanged.
func (r *run) applyType(value cty.Value, v *variable) cty.Value {
	ty := v.ty
	if v.defaults != nil {
		if bare, marks := value.Unmark(); bare.IsKnown() && !bare.IsNull() {
			value = v.defaults.Apply(bare).WithMarks(marks)
		}
	}
	if ty == cty.DynamicPseudoType {
		return value
	}
	r.budget.Conversion(value, ty)
	r.budget.Visited(value)
	out, err := convert.Convert(value, ty)
	if err != nil {
		return value
	}
	if bare, _ := out.Unmark(); !bare.IsKnown() {
		if h, ok := r.holes.HoleOf(value); ok {
			return r.unknownValue(h, ty)
		}
	}
	return out
}

func (r *run) local(m *moduleInstance, name string) cty.Value {
	a := m.definition.locals[name]
	if a == nil {
		return r.holes.Value(hole.Hole{Reason: "the module does not declare this local value", Expression: "local." + name}, cty.DynamicPseudoType)
	}
	onCycle := func() cty.Value {
		return r.holes.Value(hole.Hole{Reason: "it refers to itself", Expression: "local." + name}, cty.DynamicPseudoType)
	}
	return memoize(r, m, "local."+name, func() cty.Value {
		return (&scope{run: r, module: m}).evaluate(a.expr)
	}, onCycle)
}

func (r *run) output(m *moduleInstance, name string) cty.Value {
	text := m.address + "." + name
	if m.definition == nil {
		return r.holes.Value(hole.Hole{Reason: m.unavailable, Expression: text}, cty.DynamicPseudoType)
	}
	b := m.definition.outputs[name]
	if b == nil || b.body.attribute("value") == nil {
		return r.holes.Value(hole.Hole{Reason: "the module does not declare this output", Expression: text}, cty.DynamicPseudoType)
	}
	onCycle := func() cty.Value {
		return r.holes.Value(hole.Hole{Reason: "it refers to itself", Expression: text}, cty.DynamicPseudoType)
	}
	value := memoize(r, m, "output."+name, func() cty.Value {
		return (&scope{run: r, module: m}).evaluate(b.body.attribute("value").expr)
	}, onCycle)
	if isTrue(b.body.attribute("sensitive")) {
		value = value.Mark(function.Sensitive{})
		r.loader.secrets.add(value)
	}
	return value
}

// outputs returns all outputs of a module instance as an object.
func (r *run) outputs(m *moduleInstance) cty.Value {
	if m.definition == nil {
		return r.holes.Value(hole.Hole{Reason: m.unavailable, Expression: m.address}, cty.DynamicPseudoType)
	}
	values := map[string]cty.Value{}
	for name := range m.definition.outputs {
		values[name] = r.output(m, name)
	}
	r.budget.Visited(cty.ObjectVal(values))
	return cty.ObjectVal(values)
}
