package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// provider is a provider configuration.
type provider struct {
	// key is for example `aws`, `aws.west`, `aws.west["a"]` or `module.a:aws`.
	key   string
	block *block
	owner *moduleInstance
	// each is the instance of a configuration with for_each, which OpenTofu has.
	each *pair
}

func (p provider) scope(r *run) *scope { return &scope{run: r, module: p.owner, each: p.each} }

// providerReference names a provider configuration as a module knows it.
type providerReference struct {
	local string
	// key is the key of an instance, or NilVal.
	key cty.Value
}

func (r *run) providerOf(i *resourceInstance) provider {
	local, _, _ := strings.Cut(i.kind, "_")
	named := providerReference{local: local}
	if a := i.block.body.attribute("provider"); a != nil {
		if written := i.scope(r).providerReference(expressionOf(a)); written.local != "" {
			named = written
		}
	}
	return r.provider(i.module, named)
}

// providerReference reads a reference such as `aws.west` or `aws.regional[each.key]`. It returns an empty name for other
// expressions.
func (s *scope) providerReference(expr hcl.Expression) providerReference {
	switch e := expr.(type) {
	case *hclsyntax.IndexExpr:
		return providerReference{traversalString(e.Collection), s.evaluate(wrap(e.Key))}
	case *hclsyntax.ScopeTraversalExpr:
		if last, ok := e.Traversal[len(e.Traversal)-1].(hcl.TraverseIndex); ok {
			return providerReference{traversalString(expr), last.Key}
		}
	}
	return providerReference{local: traversalString(expr)}
}

func (r *run) provider(m *moduleInstance, named providerReference) provider {
	for {
		if b := m.definition.providers[named.local]; b != nil {
			return r.providerInstance(provider{key: providerKey(m, named.local), block: b, owner: m}, named.key)
		}
		if m.parent == nil {
			return provider{key: named.local, owner: m}
		}
		passed, ok := passedProvider(m, named.local)
		if !ok && strings.Contains(named.local, ".") {
			return provider{key: providerKey(m, named.local), owner: m}
		}
		if ok {
			named = passed
		}
		m = m.parent
	}
}

// providerInstance returns the instance with a key if the configuration has for_each.
func (r *run) providerInstance(p provider, key cty.Value) provider {
	a := p.block.body.attribute("for_each")
	if a == nil || key == cty.NilVal {
		return p
	}
	s := p.scope(r)
	name := knownString(key)
	for _, instance := range s.repetitionOf(p.block.body, "provider."+p.key).keys {
		if name != "" && instance.index == name {
			p.each = instance.each
			p.key += instance.suffix()
			return p
		}
	}
	text := r.snippet(a.expr.Range())
	p.each = &pair{r.asString(key, text), r.holes.Value(r.derivedHole(key, text), cty.DynamicPseudoType)}
	p.key += "[" + r.holeOf(key, name).Expression + "]"
	return p
}

func providerKey(m *moduleInstance, local string) string {
	if m.path == "" {
		return local
	}
	return m.path + ":" + local
}

// passedProvider returns the caller's name for a provider that a call passes to its module.
func passedProvider(m *moduleInstance, local string) (providerReference, bool) {
	a := m.call.block.body.attribute("providers")
	if a == nil {
		return providerReference{}, false
	}
	pairs, _ := hcl.ExprMap(a.written)
	for _, pair := range pairs {
		if traversalString(pair.Key) == local {
			return m.scope.providerReference(unwrapped(pair.Value)), true
		}
	}
	return providerReference{}, false
}

// unwrapped returns the HCL expression of a reference or index.
func unwrapped(expr hcl.Expression) hcl.Expression {
	switch e := expr.(type) {
	case *reference:
		return e.ScopeTraversalExpr
	case *index:
		return e.IndexExpr
	}
	return expr
}

// traversalString returns a reference such as `aws.west` as a string, or an empty string for other expressions.
func traversalString(expr hcl.Expression) string {
	traversal, diags := hcl.AbsTraversalForExpr(expr)
	if diags.HasErrors() {
		if text, ok := expr.(*hclsyntax.LiteralValueExpr); ok && text.Val.Type() == cty.String {
			return text.Val.AsString()
		}
		return ""
	}
	text := traversal.RootName()
	for _, step := range traversal[1:] {
		if name, ok := stepName(step); ok {
			text += "." + name
		}
	}
	return text
}

// regionOf returns the Region of a data source: from its own argument, or from its provider. It returns an empty
// string if the Region is unknown.
func (r *run) regionOf(i *resourceInstance) string {
	if a := i.block.body.attribute("region"); a != nil {
		return knownString(i.scope(r).evaluate(a.expr))
	}
	p := r.providerOf(i)
	if p.block == nil {
		return ""
	}
	a := p.block.body.attribute("region")
	if a == nil {
		return ""
	}
	value := memoize(r, p.owner, "provider."+p.key+".region", func() cty.Value {
		return p.scope(r).evaluate(a.expr)
	}, func() cty.Value { return cty.DynamicVal })
	return knownString(value)
}

func knownString(v cty.Value) string {
	bare, _ := v.Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() || hole.InString(bare.AsString()) {
		return ""
	}
	return bare.AsString()
}
