package evaluate

import (
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/function"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// instance is an instance of a module.
type instance struct {
	// config is nil where the module is out of sight.
	config *config
	parent *instance
	call   *call
	// scope is that of the call, for its arguments.
	scope *scope
	// address is that of the instance, empty for the root; path is the same without instance keys: module.a.module.b.
	address, path string
	// relative is the directory as the root module's sees it: what path.module is.
	relative string
	// missing tells why the module is out of sight.
	missing string
}

// label names something of a module for people.
func (m *instance) label(name string) string {
	if m.address == "" {
		return name
	}
	return m.address + "." + name
}

// place is where something of a module is declared.
func (m *instance) place(name string) hcl.Range {
	if m.config == nil {
		return hcl.Range{}
	}
	kind, rest, _ := strings.Cut(name, ".")
	switch kind {
	case "local":
		if a := m.config.locals[rest]; a != nil {
			return a.rng
		}
	case "var":
		if v := m.config.variables[rest]; v != nil {
			return v.block.rng
		}
	case "output":
		if b := m.config.outputs[rest]; b != nil {
			return b.rng
		}
	}
	for address, r := range m.config.resources {
		if name == address || strings.HasPrefix(name, address+"[") || strings.HasPrefix(name, address+".") {
			return r.block.rng
		}
	}
	return hcl.Range{Filename: m.config.directory}
}

// instanceKey is what tells an instance from the others: none, of count, of for_each.
type instanceKey struct {
	// index is nil, an int or a string.
	index any
	each  *pair
	count *cty.Value
	// from is what the for_each hangs on.
	from *dependencies
}

func (k instanceKey) suffix() string {
	switch index := k.index.(type) {
	case int:
		return "[" + strconv.Itoa(index) + "]"
	case string:
		return "[" + quoted(index) + "]"
	}
	return ""
}

var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{")

func quoted(text string) string { return `"` + quotes.Replace(text) + `"` }

// repetition is how often a block is there.
type repetition struct {
	kind string // "", "count" or "for_each"
	keys []instanceKey
	// open: how often is not known, and the one key stands for all; why tells the reason.
	open bool
	why  hole.Hole
}

const maxInstances = 20_000

// repeat tells the instances of a block from its count or for_each.
func (s *scope) repeat(b *body) repetition {
	r := s.run
	if a := b.attribute("count"); a != nil {
		value := r.without(func() cty.Value { return s.evaluate(a.expr) })
		bare, _ := value.UnmarkDeep()
		number, err := convert.Convert(bare, cty.Number)
		if err != nil || hole.In(value) || number.IsNull() || !number.IsKnown() {
			h := r.named(value, "count.index")
			count := r.holes.Value(h, cty.Number)
			return repetition{"count", []instanceKey{{count: &count}}, true, r.named(value, r.text(a.expr.Range()))}
		}
		n, _ := number.AsBigFloat().Int64()
		out := repetition{kind: "count"}
		for i := range int(max(0, min(n, maxInstances))) {
			count := cty.NumberIntVal(int64(i))
			out.keys = append(out.keys, instanceKey{index: i, count: &count})
		}
		return out
	}
	if a := b.attribute("for_each"); a != nil {
		outer := r.deps
		from := newDependencies()
		r.deps = from
		value := r.without(func() cty.Value { return s.evaluate(a.expr) })
		r.deps = outer
		r.deps.add(from)
		bare, _ := value.Unmark()
		text := r.text(a.expr.Range())
		if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() || bare.Type() == cty.String {
			key := &pair{r.keyOf(value, text), r.elementOf(value, text)}
			return repetition{"for_each", []instanceKey{{each: key, from: from}}, true, r.named(value, text)}
		}
		out := repetition{kind: "for_each"}
		sequence := bare.Type().IsSetType() || bare.Type().IsTupleType() || bare.Type().IsListType()
		for it := bare.ElementIterator(); it.Next() && len(out.keys) < maxInstances; {
			key, element := it.Element()
			if sequence {
				key = element
			}
			key = r.asText(key, text)
			name := keyText(key)
			one := instanceKey{index: name, each: &pair{cty.StringVal(name), element}, from: from}
			if hole.InText(name) {
				one.index = nil
			}
			out.keys = append(out.keys, one)
		}
		sort.SliceStable(out.keys, func(i, j int) bool {
			a, _ := out.keys[i].index.(string)
			b, _ := out.keys[j].index.(string)
			return a < b
		})
		return out
	}
	return repetition{keys: []instanceKey{{}}}
}

type children struct {
	repetition
	instances []*instance
}

// children are the instances of a call.
func (r *run) children(m *instance, name string) children {
	none := func() children { return children{} }
	return remember(r, m, "module."+name, func() children {
		c := m.config.calls[name]
		s := &scope{run: r, module: m}
		out := children{repetition: s.repeat(c.block.body)}
		path := strings.TrimPrefix(m.path+".module."+name, ".")
		config, relative, missing := r.called(m, c, path)
		for _, key := range out.keys {
			address := strings.TrimPrefix(m.address+".module."+name, ".") + key.suffix()
			out.instances = append(out.instances, &instance{config: config, parent: m, call: c,
				scope:   &scope{run: r, module: m, each: key.each, count: key.count, from: key.from},
				address: address, path: path, relative: relative, missing: missing})
		}
		return out
	}, none)
}

// called is the configuration of a called module, or why it is out of sight.
func (r *run) called(m *instance, c *call, path string) (config *config, relative, missing string) {
	directory := ""
	if isLocal(c.source) {
		directory, relative = clean(m.config.directory, c.source), clean(m.relative, c.source)
	} else {
		key := strings.ReplaceAll(strings.TrimPrefix(path, "module."), ".module.", ".")
		relative = r.installed[key]
		if relative != "" {
			directory = clean(r.request.Directory, relative)
		}
	}
	reason := "the module " + c.name + " is out of sight"
	notice := func(text string) {
		if _, ok := r.notices[path]; !ok {
			r.notices[path] = Notice{c.block.rng.Filename, text}
			r.order = append(r.order, path)
		}
	}
	source := c.source
	if source == "" {
		source = "not written out"
	}
	if directory == "" {
		notice(path + " (source " + source + ") is out of sight: what it holds is not checked, and what comes from it is not known. Run terraform init to bring it here")
		return nil, "", reason
	}
	for at := m; at != nil; at = at.parent {
		if at.config != nil && at.config.directory == directory {
			r.warnings = append(r.warnings, Problem{File: c.block.rng.Filename, Line: c.block.rng.Start.Line,
				Column: c.block.rng.Start.Column, Message: "The module calls itself: " + r.callPath(at, m) + c.name + ".",
				Remedy: "Break the cycle: Terraform cannot evaluate it."})
			return nil, "", "the module calls itself"
		}
	}
	config = r.loader.load(directory)
	if config == nil {
		notice(path + " (source " + source + ") is out of sight: there is no configuration in " + directory)
		return nil, "", reason
	}
	return config, relative, ""
}

// callPath names the calls from one module down to another.
func (r *run) callPath(from, to *instance) string {
	path := ""
	for at := to; at != from && at != nil; at = at.parent {
		path = at.call.name + " → " + path
	}
	return path
}

// variable is the value of a module's variable.
func (r *run) variable(m *instance, name string) cty.Value {
	v := m.config.variables[name]
	if v == nil {
		return r.holes.Value(hole.Hole{Reason: "the module declares no such variable", Expression: "var." + name}, cty.DynamicPseudoType)
	}
	broken := func() cty.Value {
		return r.symbolic(hole.Hole{Reason: "it refers to itself", Expression: "var." + name}, v.ty)
	}
	value := remember(r, m, "var."+name, func() cty.Value { return r.variableValue(m, v) }, broken)
	if v.sensitive {
		value = value.Mark(function.Sensitive{})
	}
	return value
}

func (r *run) variableValue(m *instance, v *variable) cty.Value {
	value := cty.NilVal
	if m.parent == nil {
		if given, ok := r.given[v.name]; ok {
			value = given.value(v)
		}
	} else if a := m.call.block.body.attribute(v.name); a != nil {
		value = m.scope.evaluate(a.expr)
	}
	if value != cty.NilVal && value.IsKnown() && value.IsNull() && !v.nullable {
		value = cty.NilVal
	}
	if value == cty.NilVal && v.fallback != nil {
		value = (&scope{run: r, module: m}).evaluate(v.fallback.expr)
	}
	if value == cty.NilVal {
		return r.missing(m, v)
	}
	return r.converted(value, v)
}

// missing is the value of a variable that nobody gives: one of its allowed values, or not known.
func (r *run) missing(m *instance, v *variable) cty.Value {
	name := "var." + v.name
	if m.address != "" {
		name = m.address + "." + name
	}
	if v.ty == cty.String && len(v.allowed) > 0 && len(v.allowed) <= 16 && !r.blocked {
		return cty.StringVal(v.allowed[r.choose(Atom{ID: name, Subject: name, Values: v.allowed})])
	}
	return r.symbolic(hole.Hole{Reason: "variable without default", Expression: name}, v.ty)
}

// converted is a value as the variable's type has it. What cannot be converted because of a hole stays.
func (r *run) converted(value cty.Value, v *variable) cty.Value {
	ty := v.ty
	if v.defaults != nil {
		if bare, marks := value.Unmark(); bare.IsKnown() && !bare.IsNull() {
			value = v.defaults.Apply(bare).WithMarks(marks)
		}
	}
	if ty == cty.DynamicPseudoType {
		return value
	}
	out, err := convert.Convert(value, ty)
	if err != nil {
		return value
	}
	if bare, _ := out.Unmark(); !bare.IsKnown() {
		if h, ok := r.holes.Of(value); ok {
			return r.symbolic(h, ty)
		}
	}
	return out
}

func (r *run) local(m *instance, name string) cty.Value {
	a := m.config.locals[name]
	if a == nil {
		return r.holes.Value(hole.Hole{Reason: "the module declares no such local", Expression: "local." + name}, cty.DynamicPseudoType)
	}
	broken := func() cty.Value {
		return r.holes.Value(hole.Hole{Reason: "it refers to itself", Expression: "local." + name}, cty.DynamicPseudoType)
	}
	return remember(r, m, "local."+name, func() cty.Value {
		return (&scope{run: r, module: m}).evaluate(a.expr)
	}, broken)
}

func (r *run) output(m *instance, name string) cty.Value {
	text := m.address + "." + name
	if m.config == nil {
		return r.holes.Value(hole.Hole{Reason: m.missing, Expression: text}, cty.DynamicPseudoType)
	}
	b := m.config.outputs[name]
	if b == nil || b.body.attribute("value") == nil {
		return r.holes.Value(hole.Hole{Reason: "the module has no such output", Expression: text}, cty.DynamicPseudoType)
	}
	broken := func() cty.Value {
		return r.holes.Value(hole.Hole{Reason: "it refers to itself", Expression: text}, cty.DynamicPseudoType)
	}
	value := remember(r, m, "output."+name, func() cty.Value {
		return (&scope{run: r, module: m}).evaluate(b.body.attribute("value").expr)
	}, broken)
	if isTrue(b.body.attribute("sensitive")) {
		value = value.Mark(function.Sensitive{})
	}
	return value
}

// outputs are all outputs of a module instance as one value.
func (r *run) outputs(m *instance) cty.Value {
	if m.config == nil {
		return r.holes.Value(hole.Hole{Reason: m.missing, Expression: m.address}, cty.DynamicPseudoType)
	}
	values := map[string]cty.Value{}
	for name := range m.config.outputs {
		values[name] = r.output(m, name)
	}
	return cty.ObjectVal(values)
}
