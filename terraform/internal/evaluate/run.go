package evaluate

import (
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/budget"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
)

// run is one evaluation of a root module, in which every choice has one outcome.
type run struct {
	loader    *loader
	request   Request
	holes     *hole.Table
	sources   *hole.Sources
	functions map[string]function.Function
	installed map[string]string
	inputs    map[string]inputValue
	chooser   *chooser
	// choicesDisabled makes values unknown that depend on a choice.
	choicesDisabled bool
	// hasFallback is true while evaluating an expression that can fail, such as an argument of try.
	hasFallback bool
	facts       stringFacts
	root        *moduleInstance
	memo        map[memoKey]*memoEntry
	stack       []string
	// deps collects the choices and resources that the current value depends on.
	deps     *dependencies
	items    map[hole.Range]map[string]hole.Range
	unseen   []Unseen
	modules  map[string]*moduleInstance
	cycles   map[string]bool
	warnings []Problem
	// budget is shared by all runs of a root module.
	budget *budget.Budget
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
	module  *moduleInstance
	name    string
	blocked bool
}

type memoEntry struct {
	value any
	deps  *dependencies
	done  bool
}

func (r *run) choose(atom Atom) int {
	r.deps.atoms[atom.ID] = true
	return r.chooser.choose(atom)
}

// memoize evaluates something once. If it refers to itself, memoize reports the cycle and returns onFailure().
func memoize[T any](r *run, module *moduleInstance, name string, evaluate func() T, onFailure func() T) T {
	key := memoKey{module, name, r.choicesDisabled}
	if known, ok := r.memo[key]; ok {
		if !known.done {
			r.cycle(module, name)
			return onFailure()
		}
		r.deps.add(known.deps)
		return known.value.(T)
	}
	if len(r.stack) >= r.budget.References {
		r.budget.FailDepth()
	}
	entry := &memoEntry{deps: newDependencies()}
	r.memo[key] = entry
	outer, trying := r.deps, r.hasFallback
	r.deps, r.hasFallback = entry.deps, false
	r.stack = append(r.stack, module.qualifiedName(name))
	depth := len(r.stack) - 1
	value := withRecovery(r, module, name, evaluate, onFailure)
	r.stack = r.stack[:depth]
	r.deps, r.hasFallback = outer, trying
	r.deps.add(entry.deps)
	entry.value, entry.done = value, true
	return value
}

// withRecovery turns a panic into a problem and returns onFailure(), so that the rest is still evaluated.
func withRecovery[T any](r *run, module *moduleInstance, name string, evaluate, onFailure func() T) (value T) {
	enclosing := r.budget.Begin()
	defer func() {
		reason := recover()
		r.budget.End(enclosing)
		if reason == nil {
			return
		}
		at := module.declarationRange(name)
		if _, ok := reason.(*budget.Exceeded); ok {
			r.reportExcess(r.budget.Recover(reason), at)
		} else {
			r.warnings = append(r.warnings, Problem{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column,
				Message: "Keywarden failed with an internal error at " + module.qualifiedName(name) + ".", Remedy: reportBug})
		}
		value = onFailure()
	}()
	return evaluate()
}

// snippet returns the source text of a range as a short phrase.
func (r *run) snippet(rng hcl.Range) string {
	src := r.loader.bytes(rng.Filename)
	if rng.Start.Byte < 0 || rng.End.Byte > len(src) || rng.Start.Byte >= rng.End.Byte {
		name, _, _ := strings.Cut(rng.Filename, "\x00")
		return name
	}
	end := min(rng.End.Byte, rng.Start.Byte+maxSnippetSource)
	text := strings.Join(strings.Fields(string(src[rng.Start.Byte:end])), " ")
	if len(text) > maxExpression {
		text = strings.ToValidUTF8(text[:maxExpression-3], "") + "…"
	}
	return text
}

// A snippet has up to maxExpression bytes, from maxSnippetSource bytes with indentation.
const (
	maxExpression    = 120
	maxSnippetSource = 4000
)

func (r *run) noteItems(at hole.Range, e *hclsyntax.ObjectConsExpr) {
	if _, ok := r.items[at]; ok {
		return
	}
	items := map[string]hole.Range{}
	for _, item := range e.Items {
		if name := hcl.ExprAsKeyword(item.KeyExpr); name != "" {
			items[name] = rangeOf(item.ValueExpr.Range())
		} else if value := literal(item.KeyExpr); value != cty.NilVal && !value.IsNull() && value.Type() == cty.String {
			items[value.AsString()] = rangeOf(item.ValueExpr.Range())
		}
	}
	r.items[at] = items
}

func keyString(key cty.Value) string {
	bare, _ := key.UnmarkDeep()
	if text, err := convert.Convert(bare, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
		return text.AsString()
	}
	return ""
}

// scope is the context of an expression: a module instance and optionally an instance of a resource or module call.
type scope struct {
	run    *run
	module *moduleInstance
	// each and count are nil outside an instance with for_each or count.
	each  *pair
	count *cty.Value
	// forEachDeps holds the dependencies of the for_each argument.
	forEachDeps *dependencies
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

// evaluate returns the value of an expression. If the evaluation fails or exceeds a limit, it returns a hole with the
// reason.
func (s *scope) evaluate(expr hcl.Expression) cty.Value { return s.evaluateIn(expr, s.context()) }

func (s *scope) evaluateIn(expr hcl.Expression, ctx *hcl.EvalContext) cty.Value {
	return s.run.withinBudget(expr.Range(), func() cty.Value {
		value, diags := expr.Value(ctx)
		if diags.HasErrors() {
			return s.run.unevaluable(expr.Range(), diags)
		}
		return value
	})
}

// withoutChoices runs evaluate with choices disabled.
func (r *run) withoutChoices(evaluate func() cty.Value) cty.Value {
	before := r.choicesDisabled
	r.choicesDisabled = true
	defer func() { r.choicesDisabled = before }()
	return evaluate()
}
