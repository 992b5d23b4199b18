package evaluate

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// resourceInstance is an instance of a resource or data source.
type resourceInstance struct {
	module *moduleInstance
	*resource
	key instanceKey
	// open is true if the instance represents an unknown number of instances.
	open bool
}

func (i *resourceInstance) name() string { return i.address() + i.key.suffix() }

func (i *resourceInstance) scope(r *run) *scope {
	return &scope{run: r, module: i.module, each: i.key.each, count: i.key.count, forEachDeps: i.key.forEachDeps}
}

// resourceMark marks the value of a whole resource. Attributes that the value lacks are holes.
type resourceMark struct{ instance *resourceInstance }

// hole returns the hole of an attribute that is known only after apply.
func (i *resourceInstance) hole(r *run, attribute, text string) cty.Value {
	leaf := &hole.Leaf{Module: i.module.address, Data: i.data, Type: i.kind, Name: i.resource.name, Attribute: attribute,
		Provider: r.providerOf(i).key}
	if !i.open {
		leaf.Index = i.key.index
	}
	reason := afterApply
	if i.data {
		reason = "read by a data source"
	}
	ty := cty.DynamicPseudoType
	if looksLikeString(attribute) || attribute == "" {
		ty = cty.String
	}
	return r.holes.Value(hole.Hole{Reason: reason, Expression: text, Leaf: leaf}, ty)
}

type instances struct {
	repetition
	list []*resourceInstance
}

// instances returns the instances of a resource in a module instance.
func (r *run) instances(m *moduleInstance, res *resource) instances {
	open := func() instances {
		all := repetition{keys: []instanceKey{{}}, open: true}
		return instances{all, []*resourceInstance{{m, res, instanceKey{}, true}}}
	}
	return memoize(r, m, res.address(), func() instances {
		s := &scope{run: r, module: m}
		address := m.qualifiedName(res.address())
		out := instances{repetition: s.repetitionOf(res.block.body, address)}
		r.reportTruncation(out.repetition, res.block, address, func() bool { return r.isChecked(res) })
		for _, key := range out.keys {
			out.list = append(out.list, &resourceInstance{m, res, key, out.open})
		}
		return out
	}, open)
}

func (s *scope) resourceReference(address string, steps []hcl.Traverser, t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	r := s.run
	res := s.module.definition.resources[address]
	if res == nil {
		return s.undeclaredResource(address, steps, t)
	}
	r.deps.resources[s.module.path+"|"+address] = true
	all := r.instances(s.module, res)
	one, rest, whole := selectInstance(s, all.repetition, steps)
	if whole {
		values := make([]cty.Value, len(all.list))
		for i, instance := range all.list {
			values[i] = r.resourceValue(instance)
		}
		return s.traverse(r.combineInstances(all.repetition, values, t), rest, t)
	}
	if one < 0 && all.truncated {
		return s.traverse(r.unevaluatedInstances(t), rest, t)
	}
	if one < 0 && all.kind == "" {
		// OpenTofu: a resource that is not enabled is null.
		return s.traverse(cty.NullVal(cty.DynamicPseudoType), rest, t)
	}
	if one < 0 {
		return cty.DynamicVal, hcl.Diagnostics{errorAt(t.SourceRange(), address+" has no instance with this key")}
	}
	instance := all.list[one]
	if len(rest) > 0 {
		if name, ok := stepName(rest[0]); ok {
			upTo := hcl.RangeBetween(t[0].SourceRange(), rest[0].SourceRange())
			return s.traverse(r.attribute(instance, name, r.snippet(upTo)), rest[1:], t)
		}
	}
	return s.traverse(r.resourceValue(instance), rest, t)
}

// undeclaredResource returns the value of a reference to a resource that the module does not declare, for example if
// a file is read alone. Its attributes are holes.
func (s *scope) undeclaredResource(address string, steps []hcl.Traverser, t hcl.Traversal) (cty.Value, hcl.Diagnostics) {
	plain, data := strings.CutPrefix(address, "data.")
	kind, name, _ := strings.Cut(plain, ".")
	i := &resourceInstance{s.module, &resource{data, kind, name, &block{body: &body{}}}, instanceKey{}, true}
	rest := steps
	if len(rest) > 0 {
		if _, ok := rest[0].(hcl.TraverseIndex); ok {
			rest = rest[1:]
		}
	}
	if len(rest) > 0 {
		if attribute, ok := stepName(rest[0]); ok {
			text := s.run.snippet(hcl.RangeBetween(t[0].SourceRange(), rest[0].SourceRange()))
			return s.traverse(i.hole(s.run, attribute, text), rest[1:], t)
		}
	}
	return s.traverse(i.hole(s.run, "", s.run.snippet(t.SourceRange())), rest, t)
}

// attribute returns an attribute of a resource: its argument, or a hole.
func (r *run) attribute(i *resourceInstance, name, text string) cty.Value {
	unknown := func() cty.Value { return i.hole(r, name, text) }
	if i.data {
		if value, ok := r.dataAttribute(i, name, text); ok {
			return value
		}
	}
	if i.kind == "terraform_data" && name == "output" {
		name = "input"
	}
	if a := i.block.own().attribute(name); a != nil {
		value := memoize(r, i.module, i.name()+"."+name, func() cty.Value { return i.scope(r).evaluate(a.expr) }, unknown)
		if !value.IsNull() {
			return value
		}
		return unknown()
	}
	if blocks := r.blockValues(i, name); blocks != cty.NilVal {
		return blocks
	}
	return unknown()
}

// blockValues returns the nested blocks of a type as a value, or NilVal if there are none.
func (r *run) blockValues(i *resourceInstance, kind string) cty.Value {
	own := i.block.own()
	written := false
	for _, b := range own.blocks {
		written = written || b.kind == kind || b.kind == "dynamic" && len(b.labels) == 1 && b.labels[0] == kind
	}
	if !written {
		return cty.NilVal
	}
	unknown := func() cty.Value { return i.hole(r, kind, i.name()+"."+kind) }
	return memoize(r, i.module, i.name()+"."+kind, func() cty.Value {
		s := i.scope(r)
		matching := &body{}
		for _, b := range own.blocks {
			if b.kind == kind || b.kind == "dynamic" {
				matching.blocks = append(matching.blocks, b)
			}
		}
		var values []cty.Value
		for _, inner := range s.content(matching, s.context()).blocks[kind] {
			values = append(values, inner.value())
		}
		return cty.TupleVal(values)
	}, unknown)
}

// resourceValue returns a whole resource: its arguments and the attributes that most resources have.
func (r *run) resourceValue(i *resourceInstance) cty.Value {
	unknown := func() cty.Value { return i.hole(r, "", i.module.qualifiedName(i.name())) }
	return memoize(r, i.module, i.name()+" as a value", func() cty.Value { return r.wholeValue(i) }, unknown)
}

func (r *run) wholeValue(i *resourceInstance) cty.Value {
	values := map[string]cty.Value{}
	for _, name := range []string{"arn", "id", "key_id", "name"} {
		values[name] = i.hole(r, name, i.module.qualifiedName(i.name())+"."+name)
	}
	if i.data && i.kind == "aws_iam_policy_document" {
		values["json"] = r.attribute(i, "json", i.module.qualifiedName(i.name())+".json")
	}
	own := i.block.own()
	for _, a := range own.attributes {
		values[a.name] = r.attribute(i, a.name, i.module.qualifiedName(i.name())+"."+a.name)
	}
	for _, b := range own.blocks {
		if kind := b.kind; kind != "dynamic" && values[kind] == cty.NilVal {
			values[kind] = r.blockValues(i, kind)
		}
	}
	whole := cty.ObjectVal(values).Mark(resourceMark{i})
	r.budget.Visited(whole)
	return whole
}

// dataAttribute returns an attribute of a data source that the input determines.
func (r *run) dataAttribute(i *resourceInstance, name, text string) (cty.Value, bool) {
	switch i.kind {
	case "aws_iam_policy_document":
		if name == "json" || name == "minified_json" {
			unknown := func() cty.Value { return i.hole(r, name, text) }
			return memoize(r, i.module, i.name()+".json", func() cty.Value { return r.documentJSON(i) }, unknown), true
		}
	case "aws_region":
		if name == "name" || name == "id" || name == "region" {
			if region := r.regionOf(i); region != "" {
				return cty.StringVal(region), true
			}
		}
	case "template_file":
		if name == "rendered" {
			return r.renderedTemplateFile(i, text)
		}
	case "local_file":
		if name == "content" {
			if a := i.block.body.attribute("filename"); a != nil {
				call := &functionCall{&hclsyntax.FunctionCallExpr{Name: "file", Args: []hclsyntax.Expression{a.expr},
					NameRange: a.rng, OpenParenRange: a.rng, CloseParenRange: a.rng}}
				return i.scope(r).evaluate(call), true
			}
		}
	}
	return cty.NilVal, false
}

// renderedTemplateFile returns the rendered attribute of a data "template_file" block.
func (r *run) renderedTemplateFile(i *resourceInstance, text string) (cty.Value, bool) {
	a := i.block.body.attribute("template")
	if a == nil {
		return cty.NilVal, false
	}
	template := i.scope(r).evaluate(a.expr)
	source, _ := template.Unmark()
	if source.Type() != cty.String || !source.IsKnown() || source.IsNull() {
		return cty.NilVal, false
	}
	vars := cty.EmptyObjectVal
	if v := i.block.body.attribute("vars"); v != nil {
		vars, _ = i.scope(r).evaluate(v.expr).Unmark()
	}
	file := r.loader.addVirtual("a template\x00"+strconv.Itoa(len(r.loader.virtuals)), []byte(source.AsString()), r.sources.SourceOf(template))
	value, err := r.template(file, []byte(source.AsString()), vars)
	if err != nil {
		return r.holes.StringValue(hole.Hole{Reason: "evaluation failed: " + err.Error(), Expression: text}), true
	}
	return value, true
}

// parsedTemplate parses each template once: a file is evaluated for every instance of a resource, in every outcome.
func (r *run) parsedTemplate(path string, source []byte) (hclsyntax.Expression, error) {
	key := path + "\x00" + string(source)
	if known, ok := r.loader.templates[key]; ok {
		return known, nil
	}
	r.budget.Work(parsingCost * len(source))
	expr, diags := hclsyntax.ParseTemplate(source, path, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	wrapped := wrap(expr)
	r.loader.templates[key] = wrapped
	return wrapped, nil
}

// template evaluates a template with its own variables. Without a path, the template comes from a string value.
func (r *run) template(path string, source []byte, vars cty.Value) (cty.Value, error) {
	if path == "" {
		path = r.loader.addVirtual("a template\x00"+strconv.Itoa(len(r.loader.virtuals)), source, nil)
	}
	expr, err := r.parsedTemplate(path, source)
	if err != nil {
		return cty.NilVal, err
	}
	s := &scope{run: r, module: r.root}
	ctx := s.context()
	child := ctx.NewChild()
	child.Variables = map[string]cty.Value{}
	if bare, _ := vars.Unmark(); bare.IsKnown() && !bare.IsNull() && bare.CanIterateElements() {
		for it := bare.ElementIterator(); it.Next(); {
			key, value := it.Element()
			child.Variables[keyString(key)] = value
		}
	}
	defer r.budget.EnterTemplate()()
	value, diags := expr.Value(child)
	if diags.HasErrors() {
		return cty.NilVal, diags
	}
	return value, nil
}

// parsingCost is the number of elementary operations to parse a byte of a template.
const parsingCost = 100
