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
	// key is for example `aws`, `aws.west` or `module.a:aws`.
	key   string
	block *block
	owner *moduleInstance
}

func (r *run) providerOf(m *moduleInstance, res *resource) provider {
	local, _, _ := strings.Cut(res.kind, "_")
	if a := res.block.body.attribute("provider"); a != nil {
		if name := traversalString(expressionOf(a)); name != "" {
			local = name
		}
	}
	return r.provider(m, local)
}

func (r *run) provider(m *moduleInstance, local string) provider {
	for {
		if b := m.definition.providers[local]; b != nil {
			return provider{providerKey(m, local), b, m}
		}
		if m.parent == nil {
			return provider{local, nil, m}
		}
		passed, ok := passedProvider(m.call, local)
		if !ok && strings.Contains(local, ".") {
			return provider{providerKey(m, local), nil, m}
		}
		if ok {
			local = passed
		}
		m = m.parent
	}
}

func providerKey(m *moduleInstance, local string) string {
	if m.path == "" {
		return local
	}
	return m.path + ":" + local
}

// passedProvider returns the caller's name for a provider that a call passes to its module.
func passedProvider(c *call, local string) (string, bool) {
	a := c.block.body.attribute("providers")
	if a == nil {
		return "", false
	}
	pairs, _ := hcl.ExprMap(a.written)
	for _, pair := range pairs {
		if traversalString(pair.Key) == local {
			return traversalString(pair.Value), true
		}
	}
	return "", false
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
	p := r.providerOf(i.module, i.resource)
	if p.block == nil {
		return ""
	}
	a := p.block.body.attribute("region")
	if a == nil {
		return ""
	}
	value := memoize(r, p.owner, "provider."+p.key+".region", func() cty.Value {
		return (&scope{run: r, module: p.owner}).evaluate(a.expr)
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
