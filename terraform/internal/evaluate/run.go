package evaluate

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// run is one evaluation of a root module: every choice has one outcome in it.
type run struct {
	loader    *loader
	request   Request
	holes     *hole.Table
	sources   *hole.Sources
	functions map[string]function.Function
	installed map[string]string
	given     map[string]givenValue
	chooser   *chooser
	// blocked: no choice may be taken, so that what hangs on one is not known.
	blocked bool
	// trying: something else takes the place of what fails.
	trying bool
	texts  texts
	root   *instance
	memo   map[memoKey]*memoEntry
	stack  []string
	// The choices and resources that what is being evaluated hangs on.
	deps     *dependencies
	items    map[hole.Range]map[string]hole.Range
	notices  map[string]Notice
	order    []string
	modules  map[string]*instance
	cycles   map[string]bool
	steps    int
	spent    int
	warnings []Problem
}

type dependencies struct {
	atoms     map[string]bool
	resources map[string]bool
}

func newDependencies() *dependencies {
	return &dependencies{map[string]bool{}, map[string]bool{}}
}

func (d *dependencies) add(other *dependencies) {
	for atom := range other.atoms {
		d.atoms[atom] = true
	}
	for address := range other.resources {
		d.resources[address] = true
	}
}

type memoKey struct {
	module  *instance
	name    string
	blocked bool
}

type memoEntry struct {
	value any
	deps  *dependencies
	done  bool
}

// Work and text beyond these is taken for an attack.
const (
	maxSteps = 1_000_000
	maxSpent = 256 << 20
)

// tooMuch is what a run that exceeds its bounds panics with.
type tooMuch struct{}

func (r *run) step() {
	if r.steps++; r.steps > maxSteps {
		panic(tooMuch{})
	}
}

func (r *run) spend(bytes int) {
	if r.spent += bytes; r.spent > maxSpent {
		panic(tooMuch{})
	}
}

func (r *run) choose(atom Atom) int {
	r.deps.atoms[atom.ID] = true
	return r.chooser.choose(atom)
}

// remember evaluates something once. A value that refers to itself is a problem that names the cycle.
func remember[T any](r *run, module *instance, name string, evaluate func() T, broken func() T) T {
	key := memoKey{module, name, r.blocked}
	if known, ok := r.memo[key]; ok {
		if !known.done {
			r.cycle(module, name)
			return broken()
		}
		r.deps.add(known.deps)
		return known.value.(T)
	}
	entry := &memoEntry{deps: newDependencies()}
	r.memo[key] = entry
	outer, trying := r.deps, r.trying
	r.deps, r.trying = entry.deps, false
	r.stack = append(r.stack, module.label(name))
	if len(r.stack) > maxStack {
		panic(tooMuch{})
	}
	depth := len(r.stack) - 1
	value := guarded(r, module, name, evaluate, broken)
	r.stack = r.stack[:depth]
	r.deps, r.trying = outer, trying
	r.deps.add(entry.deps)
	entry.value, entry.done = value, true
	if value, ok := any(value).(cty.Value); ok && sizeOf(value, maxSize) > maxSize {
		panic(tooMuch{})
	}
	return value
}

// guarded evaluates something; what fails in a way that nobody thought of is a problem, and the rest goes on.
func guarded[T any](r *run, module *instance, name string, evaluate, broken func() T) (value T) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		if _, ok := reason.(tooMuch); ok {
			panic(reason)
		}
		r.warnings = append(r.warnings, Problem{File: module.place(name).Filename,
			Message: fmt.Sprintf("Keywarden failed with an internal error at %s: %v", module.label(name), reason),
			Remedy:  "Please report it, with the smallest input that shows it."})
		value = broken()
	}()
	return evaluate()
}

// maxSize is how many parts a value may have.
const maxSize = 500_000

// sizeOf counts the parts of a value, up to a limit: what refers to one value twice has it twice.
func sizeOf(v cty.Value, limit int) int {
	bare, _ := v.Unmark()
	if !bare.IsKnown() || bare.IsNull() || bare.Type().IsPrimitiveType() || !bare.CanIterateElements() {
		return 1
	}
	size := 1
	for it := bare.ElementIterator(); it.Next() && size <= limit; {
		_, element := it.Element()
		size += sizeOf(element, limit-size)
	}
	return size
}

const maxStack = 2000

func (r *run) cycle(module *instance, name string) {
	label := module.label(name)
	for at := len(r.stack) - 1; at >= 0; at-- {
		if r.stack[at] != label {
			continue
		}
		names := append(append([]string{}, r.stack[at:]...), label)
		id := strings.Join(names, " → ")
		if len(names) > 12 {
			id = strings.Join(names[:11], " → ") + " → …"
		}
		if !r.cycles[id] {
			r.cycles[id] = true
			at := module.place(name)
			r.warnings = append(r.warnings, Problem{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column, Message: "These refer to each other: " + id + ".",
				Remedy: "Break the cycle: Terraform cannot evaluate it."})
		}
		return
	}
}

// text is what stands at a range, as a short phrase.
func (r *run) text(rng hcl.Range) string {
	src := r.loader.bytes(rng.Filename)
	if rng.Start.Byte < 0 || rng.End.Byte > len(src) || rng.Start.Byte >= rng.End.Byte {
		name, _, _ := strings.Cut(rng.Filename, "\x00")
		return name
	}
	text := strings.Join(strings.Fields(string(src[rng.Start.Byte:rng.End.Byte])), " ")
	if len(text) > maxExpression {
		text = strings.ToValidUTF8(text[:maxExpression-3], "") + "…"
	}
	return text
}

const maxExpression = 120

func (r *run) noteItems(at hole.Range, e *hclsyntax.ObjectConsExpr) {
	if _, ok := r.items[at]; ok {
		return
	}
	items := map[string]hole.Range{}
	for _, item := range e.Items {
		if name := hcl.ExprAsKeyword(item.KeyExpr); name != "" {
			items[name] = rangeOf(item.ValueExpr.Range())
		} else if value, diags := item.KeyExpr.Value(nil); !diags.HasErrors() && value.IsKnown() && !value.IsNull() && value.Type() == cty.String {
			bare, _ := value.Unmark()
			items[bare.AsString()] = rangeOf(item.ValueExpr.Range())
		}
	}
	r.items[at] = items
}

func keyText(key cty.Value) string {
	bare, _ := key.UnmarkDeep()
	if text, err := convert.Convert(bare, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
		return text.AsString()
	}
	return ""
}

// scope is where an expression is evaluated: in a module instance, in an instance of a resource or call or not.
type scope struct {
	run    *run
	module *instance
	// each and count are those of the instance; nil where there are none.
	each  *pair
	count *cty.Value
	// from is what the for_each of the instance hangs on.
	from *dependencies
}

type pair struct{ key, value cty.Value }

const scopeName = "\x00scope"

var scopeType = cty.Capsule("scope", reflect.TypeFor[scope]())

func (s *scope) context() *hcl.EvalContext {
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{scopeName: cty.CapsuleVal(scopeType, s)},
		Functions: s.run.functions,
	}
}

func scopeOf(ctx *hcl.EvalContext) *scope {
	for ; ctx != nil; ctx = ctx.Parent() {
		if value, ok := ctx.Variables[scopeName]; ok {
			return value.EncapsulatedValue().(*scope)
		}
	}
	return nil
}

// evaluate evaluates an expression; what fails is a hole that says why.
func (s *scope) evaluate(expr hcl.Expression) cty.Value { return s.evaluateIn(expr, s.context()) }

func (s *scope) evaluateIn(expr hcl.Expression, ctx *hcl.EvalContext) cty.Value {
	value, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return s.run.failed(expr.Range(), diags)
	}
	return value
}

// without evaluates with no choice taken.
func (r *run) without(evaluate func() cty.Value) cty.Value {
	before := r.blocked
	r.blocked = true
	defer func() { r.blocked = before }()
	return evaluate()
}
