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
	// key is `aws`, `aws.west`, `module.a:aws`.
	key   string
	block *block
	owner *instance
}

func (r *run) providerOf(m *instance, res *resource) provider {
	local, _, _ := strings.Cut(res.kind, "_")
	if a := res.block.body.attribute("provider"); a != nil {
		if name := traversalText(expressionIn(a)); name != "" {
			local = name
		}
	}
	return r.provider(m, local)
}

func (r *run) provider(m *instance, local string) provider {
	for {
		if b := m.config.providers[local]; b != nil {
			return provider{providerKey(m, local), b, m}
		}
		if m.parent == nil {
			return provider{local, nil, m}
		}
		passed, ok := handed(m.call, local)
		if !ok && strings.Contains(local, ".") {
			return provider{providerKey(m, local), nil, m}
		}
		if ok {
			local = passed
		}
		m = m.parent
	}
}

func providerKey(m *instance, local string) string {
	if m.path == "" {
		return local
	}
	return m.path + ":" + local
}

// handed is the caller's name of a provider that a call hands to its module.
func handed(c *call, local string) (string, bool) {
	a := c.block.body.attribute("providers")
	if a == nil {
		return "", false
	}
	pairs, _ := hcl.ExprMap(a.written)
	for _, pair := range pairs {
		if traversalText(pair.Key) == local {
			return traversalText(pair.Value), true
		}
	}
	return "", false
}

// traversalText is `aws.west` of the expression; empty where it is no such thing.
func traversalText(expr hcl.Expression) string {
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

// regionOf is the Region of a data source: its own argument, or its provider's; empty where it is not known.
func (r *run) regionOf(i *resourceInstance) string {
	if a := i.block.body.attribute("region"); a != nil {
		return knownText(i.scope(r).evaluate(a.expr))
	}
	p := r.providerOf(i.module, i.resource)
	if p.block == nil {
		return ""
	}
	a := p.block.body.attribute("region")
	if a == nil {
		return ""
	}
	value := remember(r, p.owner, "provider."+p.key+".region", func() cty.Value {
		return (&scope{run: r, module: p.owner}).evaluate(a.expr)
	}, func() cty.Value { return cty.DynamicVal })
	return knownText(value)
}

func knownText(v cty.Value) string {
	bare, _ := v.Unmark()
	if bare.Type() != cty.String || !bare.IsKnown() || bare.IsNull() || hole.InText(bare.AsString()) {
		return ""
	}
	return bare.AsString()
}
