package evaluate

import (
	"encoding/json"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/function"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// emitter converts evaluated resources to the response.
type emitter struct {
	run   *run
	files *fileList
}

// fileList numbers files.
type fileList struct {
	names  []string
	number map[string]int
}

func (f *fileList) span(rng hole.Range) [3]int {
	number, ok := f.number[rng.File]
	if !ok {
		number = len(f.names)
		f.number[rng.File] = number
		f.names = append(f.names, rng.File)
	}
	return [3]int{number, rng.Start, rng.End}
}

func (e *emitter) resource(i *resourceInstance) ResourceChange {
	r := e.run
	s := i.scope(r)
	c := s.content(i.block.own(), s.context())
	mode := "managed"
	if i.data {
		mode = "data"
	}
	out := ResourceChange{Address: i.module.qualifiedName(i.name()), Module: i.module.address, Mode: mode, Type: i.kind,
		Name: i.resource.name, Index: i.key.index,
		Change:    Change{Actions: []string{"create"}, After: map[string]any{}, Unknown: map[string]any{}, Sensitive: map[string]any{}},
		Arguments: Arguments{Provider: r.providerOf(i).key},
		Ranges:    map[string][3]int{"": e.files.span(rangeOf(i.block.rng))}}
	out.Change.After, out.Arguments.Expressions = e.content(c, i.module, "", out.Ranges)
	for _, a := range c.attributes {
		if isSensitive(a.value) {
			out.Change.Sensitive[a.name] = true
		}
	}
	lifecycle := i.block.body.blockOf("lifecycle")
	argument := func(name string) any {
		if a := lifecycle.attribute(name); a != nil {
			return e.json(s.evaluate(a.expr), r.snippet(a.expr.Range()))
		}
		return nil
	}
	if read := (Lifecycle{argument("prevent_destroy"), argument("destroy")}); read != (Lifecycle{}) {
		out.Lifecycle = &read
	}
	out.Change.Importing = e.importing(out.Address)
	return out
}

// content returns the values and the expressions of a body.
func (e *emitter) content(c *content, m *moduleInstance, pointer string, ranges map[string][3]int) (values, expressions map[string]any) {
	values, expressions = map[string]any{}, map[string]any{}
	for i := range c.attributes {
		a := &c.attributes[i]
		a.value = e.run.withinBudget(a.expr.Range(), func() cty.Value {
			e.run.budget.Emitted(a.value)
			return a.value
		})
		expressions[a.name] = e.expression(*a, m)
		if bare, _ := a.value.Unmark(); bare.IsKnown() && bare.IsNull() {
			continue
		}
		values[a.name] = e.json(a.value, e.run.snippet(a.expr.Range()))
		at := pointer + "/" + escape(a.name)
		e.addRange(ranges, at, rangeOf(a.expr.Range()))
		e.addInnerRanges(a.value, at, ranges)
	}
	for _, kind := range c.kinds {
		var list, written []any
		for i, b := range c.blocks[kind] {
			at := pointer + "/" + escape(kind) + "/" + strconv.Itoa(i)
			ranges[at] = e.files.span(rangeOf(b.rng))
			value, expression := e.content(b, m, at, ranges)
			list = append(list, value)
			written = append(written, expression)
		}
		if len(list) > 0 {
			ranges[pointer+"/"+escape(kind)] = ranges[pointer+"/"+escape(kind)+"/0"]
		}
		values[kind], expressions[kind] = list, written
	}
	return values, expressions
}

// addRange adds a range if it is in a file on disk.
func (e *emitter) addRange(ranges map[string][3]int, pointer string, rng hole.Range) {
	if at, ok := e.run.loader.onDisk(rng); ok {
		ranges[pointer] = e.files.span(at)
	}
}

// addInnerRanges adds the ranges of the parts of a JSON string, or of an object in the source.
func (e *emitter) addInnerRanges(value cty.Value, pointer string, ranges map[string][3]int) {
	bare, _ := value.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return
	}
	if bare.Type() == cty.String {
		inside := e.run.jsonRanges(e.run.sources.SourceOf(value), bare.AsString())
		for inner, rng := range inside {
			if inner != "" {
				e.addRange(ranges, pointer+inner, rng)
			}
		}
		e.addItemRanges(inside, pointer, ranges)
		return
	}
	if rng, ok := hole.RangeOf(value); ok && bare.Type().IsObjectType() {
		e.addItemRanges(map[string]hole.Range{"": rng}, pointer, ranges)
	}
}

// addItemRanges adds the ranges of the items of objects whose items have no marks.
func (e *emitter) addItemRanges(inside map[string]hole.Range, pointer string, ranges map[string][3]int) {
	for inner, rng := range inside {
		for name, item := range e.run.items[rng] {
			if at := pointer + inner + "/" + escape(name); ranges[at] == [3]int{} {
				e.addRange(ranges, at, item)
			}
		}
	}
}

func isSensitive(value cty.Value) bool {
	_, marks := value.UnmarkDeep()
	_, ok := marks[function.Sensitive{}]
	return ok
}

// expression describes the expression of an argument: a constant, references to holes, or the variables behind a
// known value.
func (e *emitter) expression(a evaluated, m *moduleInstance) any {
	if texts := e.run.holes.Placeholders(a.value); len(texts) > 0 {
		return map[string]any{"references": texts}
	}
	if !a.value.IsWhollyKnown() {
		text := e.run.snippet(a.expr.Range())
		return map[string]any{"references": []any{e.json(e.run.holes.StringValue(e.run.holeOf(a.value, text)), text)}}
	}
	if variables := e.variablesBehind(a.expr, m, 0, map[*attribute]bool{}); len(variables) > 0 {
		names := make([]string, len(variables))
		for i, one := range variables {
			names[i] = "var." + one.Variable
			if one.Module != "" {
				names[i] = one.Module + "." + names[i]
			}
		}
		return map[string]any{"references": names, "given": variables}
	}
	return map[string]any{"constant_value": e.json(a.value, "")}
}

// inputVariable is a variable that determines a value.
type inputVariable struct {
	Variable  string `json:"variable"`
	Module    string `json:"module"`
	Default   bool   `json:"default"`
	Sensitive bool   `json:"sensitive"`
}

const maxFollowed = 20

// variablesBehind follows the references of an expression. It follows each local value and argument once.
func (e *emitter) variablesBehind(expr hclsyntax.Expression, m *moduleInstance, depth int, seen map[*attribute]bool) []inputVariable {
	var found []inputVariable
	if depth > maxFollowed || m.definition == nil {
		return nil
	}
	e.run.budget.Step()
	hclsyntax.VisitAll(expr, func(node hclsyntax.Node) (none hcl.Diagnostics) {
		ref, ok := node.(*reference)
		if !ok || len(ref.Traversal) < 2 || len(found) > maxFollowed {
			return
		}
		name, _ := stepName(ref.Traversal[1])
		switch ref.Traversal.RootName() {
		case "local":
			if a := m.definition.locals[name]; a != nil && !seen[a] {
				seen[a] = true
				found = append(found, e.variablesBehind(a.expr, m, depth+1, seen)...)
			}
		case "var":
			found = append(found, e.originOf(name, m, depth, seen)...)
		}
		return
	})
	return found
}

func (e *emitter) originOf(name string, m *moduleInstance, depth int, seen map[*attribute]bool) []inputVariable {
	v := m.definition.variables[name]
	if v == nil {
		return nil
	}
	if m.parent != nil {
		if a := m.call.block.body.attribute(name); a != nil {
			return e.variablesBehind(a.expr, m.parent, depth+1, seen)
		}
	}
	_, passed := e.run.inputs[name]
	return []inputVariable{{name, m.path, m.parent != nil || !passed, v.sensitive}}
}

// json returns a value as JSON. Unknown values become placeholders.
func (e *emitter) json(value cty.Value, text string) any {
	bare, _ := value.Unmark()
	if !bare.IsKnown() {
		whole, _ := e.run.holes.StringValue(e.run.holeOf(value, text)).Unmark()
		return whole.AsString()
	}
	if bare.IsNull() {
		return nil
	}
	switch ty := bare.Type(); {
	case ty == cty.String:
		return bare.AsString()
	case ty == cty.Number && bare.AsBigFloat().IsInf():
		return nil
	case ty == cty.Number:
		return json.Number(bare.AsBigFloat().Text('f', -1))
	case ty == cty.Bool:
		return bare.True()
	case ty.IsObjectType() || ty.IsMapType():
		out := map[string]any{}
		for it := bare.ElementIterator(); it.Next(); {
			key, element := it.Element()
			out[keyString(key)] = e.json(element, text)
		}
		return out
	case bare.CanIterateElements():
		out := []any{}
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			out = append(out, e.json(element, text))
		}
		return out
	}
	return nil
}

// provider returns the arguments of a provider configuration.
func (e *emitter) provider(p provider) Expressions {
	out := Expressions{map[string]any{}}
	if p.block == nil {
		return out
	}
	s := p.scope(e.run)
	out.Expressions = e.providerArguments(s.content(p.block.own(), s.context()))
	delete(out.Expressions, "alias")
	return out
}

func (e *emitter) providerArguments(c *content) map[string]any {
	out := map[string]any{}
	for _, a := range c.attributes {
		bare, _ := a.value.Unmark()
		text := e.run.snippet(a.expr.Range())
		if bare.Type() == cty.String && hole.In(a.value) || !bare.IsKnown() {
			out[a.name] = map[string]any{"references": []any{e.json(e.run.asString(a.value, text), text)}}
		} else {
			out[a.name] = map[string]any{"constant_value": e.json(a.value, text)}
		}
	}
	for kind, blocks := range c.blocks {
		list := make([]any, len(blocks))
		for i, b := range blocks {
			list[i] = e.providerArguments(b)
		}
		out[kind] = list
	}
	return out
}
