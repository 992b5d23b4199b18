package function

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// call is a function call. Its arguments are converted to the parameter types and keep their marks.
type call struct {
	*library
	name string
	base function.Function
	args []cty.Value
	// described and knownReason hold results of texts and reason, which need time in proportion to the arguments.
	described   []string
	knownReason string
}

// rule evaluates a call that has holes. It returns cty.NilVal to use the function itself; if an argument is not
// wholly known, the result is then a hole.
type rule func(c *call) (cty.Value, error)

// define adds a function to the table.
func (l *library) define(name string, base function.Function, r rule) {
	l.table[name] = l.wrap(name, base, r)
}

// wrap returns a function that accepts any argument types. Otherwise HCL would fail to convert a string with a
// placeholder to a number.
func (l *library) wrap(name string, base function.Function, r rule) function.Function {
	permissive := func(p function.Parameter) function.Parameter {
		return function.Parameter{Name: p.Name, Type: cty.DynamicPseudoType,
			AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true}
	}
	spec := &function.Spec{Type: function.StaticReturnType(cty.DynamicPseudoType)}
	for _, p := range base.Params() {
		spec.Params = append(spec.Params, permissive(p))
	}
	if p := base.VarParam(); p != nil {
		rest := permissive(*p)
		spec.VarParam = &rest
	}
	spec.Impl = func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		c := &call{library: l, name: name, base: base, args: make([]cty.Value, len(args))}
		return c.charged(c.evaluate(args, r))
	}
	return function.New(spec)
}

// evaluate converts the arguments and evaluates the call.
func (c *call) evaluate(args []cty.Value, r rule) (cty.Value, error) {
	for i, arg := range args {
		c.chargeArgument(arg, c.param(i).Type)
		fitted, err := c.convertArgument(arg, c.param(i).Type)
		if err != nil {
			return cty.NilVal, function.NewArgErrorf(i, "%s", err)
		}
		if fitted.IsNull() && !c.param(i).AllowNull {
			return cty.NilVal, function.NewArgErrorf(i, "argument must not be null")
		}
		c.args[i] = fitted
	}
	if r != nil {
		if v, err := r(c); err != nil || v != cty.NilVal {
			return c.checkResult(v, err)
		}
	}
	if c.hasPartialArgument() {
		return c.unknownResult()
	}
	return c.checkResult(c.run())
}

func (c *call) param(i int) function.Parameter {
	if params := c.base.Params(); i < len(params) {
		return params[i]
	}
	return *c.base.VarParam()
}

// hasPartialArgument reports whether an argument is not wholly known.
func (c *call) hasPartialArgument() bool {
	for _, arg := range c.args {
		if isPartial(arg) {
			return true
		}
	}
	return false
}

func isPartial(v cty.Value) bool { return hole.In(v) || hole.IsOpen(v) }

// run calls the function with unmarked arguments.
func (c *call) run() (cty.Value, error) {
	args := make([]cty.Value, len(c.args))
	for i, arg := range c.args {
		args[i], _ = arg.UnmarkDeep()
	}
	v, err := c.base.Call(args)
	if err != nil {
		return cty.NilVal, err
	}
	return c.withArgumentMarks(v), nil
}

// runMarked calls a function that only rearranges values, so that the marks of its arguments survive.
func (c *call) runMarked() (cty.Value, error) { return c.base.Call(c.args) }

// withArgumentMarks copies marks from the arguments to the result. The result is sensitive if any part of an argument
// is; other marks count only on the argument itself.
func (c *call) withArgumentMarks(v cty.Value) cty.Value {
	for _, arg := range c.args {
		if containsSensitive(arg) {
			v = v.Mark(Sensitive{})
		}
		marks := arg.Marks()
		if !hole.IsOpen(arg) {
			marks = hole.WithoutHoleMarks(marks)
		}
		for m := range marks {
			if _, ok := m.(hole.SourceMark); ok && !keepsLines(arg, v) {
				continue
			}
			v = v.Mark(m)
		}
	}
	return v
}

func containsSensitive(v cty.Value) bool {
	_, marks := v.UnmarkDeep()
	_, ok := marks[Sensitive{}]
	return ok
}

// keepsLines reports whether the lines of a string still correspond to the lines of the string it was made from.
func keepsLines(from, to cty.Value) bool {
	from, _ = from.Unmark()
	to, _ = to.Unmark()
	if from.Type() != cty.String || to.Type() != cty.String || !from.IsKnown() || !to.IsKnown() || from.IsNull() || to.IsNull() {
		return false
	}
	a, b := from.AsString(), to.AsString()
	return strings.Count(a, "\n") == strings.Count(b, "\n") || strings.HasPrefix(a, b)
}

// unknownResult returns a hole with the result type of a call that cannot be evaluated.
func (c *call) unknownResult() (cty.Value, error) {
	blank := make([]cty.Value, len(c.args))
	for i, arg := range c.args {
		bare, _ := arg.UnmarkDeep()
		blank[i] = placeholdersAsUnknown(bare)
		if hole.IsOpen(arg) {
			blank[i] = cty.UnknownVal(bare.Type())
		}
	}
	ty, err := c.base.ReturnTypeForValues(blank)
	if err != nil {
		return cty.NilVal, err
	}
	return c.unknownOf(ty), nil
}

// placeholdersAsUnknown replaces strings with placeholders by unknown values.
func placeholdersAsUnknown(v cty.Value) cty.Value {
	out, err := cty.Transform(v, func(_ cty.Path, inner cty.Value) (cty.Value, error) {
		if inner.Type() == cty.String && inner.IsKnown() && !inner.IsNull() && hole.InString(inner.AsString()) {
			return cty.UnknownVal(cty.String), nil
		}
		return inner, nil
	})
	if err != nil {
		return cty.UnknownVal(v.Type())
	}
	return out
}

// unknownOf returns a hole of the given type for the result of the call.
func (c *call) unknownOf(ty cty.Type) cty.Value {
	h := c.callHole()
	h.Leaf = c.selectedLeaf()
	v := c.holes.Value(h, ty)
	for _, arg := range c.args {
		if containsSensitive(arg) {
			v = v.Mark(Sensitive{})
		}
	}
	return v
}

// selections are the functions that return an element, or some elements, of their first argument.
var selections = map[string]bool{"compact": true, "distinct": true, "element": true, "flatten": true, "nonsensitive": true,
	"one": true, "reverse": true, "sensitive": true, "slice": true, "sort": true, "tolist": true, "toset": true}

// selectedLeaf returns the attribute whose elements the call selects from, or nil.
func (c *call) selectedLeaf() *hole.Leaf {
	if !selections[c.name] {
		return nil
	}
	h, ok := c.holes.HoleOf(c.args[0])
	if !ok || h.Leaf == nil {
		return nil
	}
	leaf := *h.Leaf
	leaf.Optional = leaf.Optional || c.name == "one" || c.name == "element"
	return &leaf
}

func (c *call) callHole() hole.Hole {
	return hole.Hole{Reason: c.reason(), Expression: c.describe(c.texts()...)}
}

// reason returns the reason of the first hole among the arguments.
func (c *call) reason() string {
	if c.knownReason == "" {
		c.knownReason = c.firstReason()
	}
	return c.knownReason
}

func (c *call) firstReason() string {
	for _, arg := range c.args {
		if h, ok := c.cause(arg); ok {
			return h.Reason
		}
	}
	return "not known"
}

func (l *library) cause(v cty.Value) (hole.Hole, bool) {
	if h, ok := l.holes.HoleOf(v); ok {
		return h, true
	}
	if hole.IsOpen(v) {
		return l.holes.OpenedBy(v)
	}
	return hole.Hole{}, false
}

// describe renders a call as its author would write it, with the expressions of the holes in the arguments.
func (c *call) describe(arguments ...string) string {
	return shorten(c.name + "(" + strings.Join(arguments, ", ") + ")")
}

// texts returns the arguments of the call for describe.
func (c *call) texts() []string {
	if c.described == nil {
		c.described = make([]string, len(c.args))
		for i, arg := range c.args {
			c.described[i] = c.text(arg)
		}
	}
	return c.described
}

// text returns a value for describe.
func (l *library) text(v cty.Value) string { return shorten(l.write(v)) }

// shorten shortens the text of an expression. Different calls are different holes, so a shortened expression needs a
// distinguishing suffix.
func shorten(text string) string {
	if len(text) <= 200 {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	runes := []rune(text[:min(len(text), 4*160)])
	return string(runes[:min(len(runes), 160)]) + "… #" + hex.EncodeToString(sum[:4])
}

func (l *library) write(v cty.Value) string {
	bare, _ := v.Unmark()
	switch {
	case !bare.IsKnown():
		if h, ok := l.holes.HoleOf(v); ok {
			return h.Expression
		}
		return "…"
	case bare.IsNull():
		return "null"
	case bare.Type() == cty.String:
		return l.writeString(bare.AsString())
	case bare.Type() == cty.Number:
		return bare.AsBigFloat().Text('f', -1)
	case bare.Type() == cty.Bool:
		return fmt.Sprint(bare.True())
	case !bare.CanIterateElements():
		return "…"
	}
	var items []string
	keyed := bare.Type().IsObjectType() || bare.Type().IsMapType()
	for it := bare.ElementIterator(); it.Next(); {
		key, element := it.Element()
		text := l.write(element)
		if keyed {
			text = l.write(key) + " = " + text
		}
		items = append(items, text)
	}
	if keyed {
		sort.Strings(items)
		return "{" + strings.Join(items, ", ") + "}"
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (l *library) writeString(text string) string {
	if hole.IsWhole(text) {
		return l.holes.ByNumber(hole.Parts(text)[0].Number).Expression
	}
	var out strings.Builder
	out.WriteByte('"')
	for _, part := range hole.Parts(text) {
		if part.Hole {
			out.WriteString("${" + l.holes.ByNumber(part.Number).Expression + "}")
		} else {
			quoted := fmt.Sprintf("%q", part.Text)
			out.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	out.WriteByte('"')
	return out.String()
}
