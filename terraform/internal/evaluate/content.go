package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// content is what a body comes to: `dynamic` blocks are expanded.
type content struct {
	attributes []evaluated
	blocks     map[string][]*content
	// kinds are the kinds of blocks in the order in which they come.
	kinds []string
	rng   hcl.Range
}

type evaluated struct {
	*attribute
	value cty.Value
}

func (c *content) attribute(name string) (evaluated, bool) {
	for _, a := range c.attributes {
		if a.name == name {
			return a, true
		}
	}
	return evaluated{}, false
}

func (c *content) add(kind string, inner *content) {
	if _, ok := c.blocks[kind]; !ok {
		c.kinds = append(c.kinds, kind)
	}
	c.blocks[kind] = append(c.blocks[kind], inner)
}

// value is a block as a value.
func (c *content) value() cty.Value {
	values := map[string]cty.Value{}
	for _, a := range c.attributes {
		values[a.name] = a.value
	}
	for kind, blocks := range c.blocks {
		list := make([]cty.Value, len(blocks))
		for i, b := range blocks {
			list[i] = b.value()
		}
		values[kind] = cty.TupleVal(list)
	}
	return cty.ObjectVal(values)
}

func (s *scope) content(b *body, ctx *hcl.EvalContext) *content {
	out := &content{blocks: map[string][]*content{}, rng: b.rng}
	for _, a := range b.attributes {
		if !meta[a.name] {
			out.attributes = append(out.attributes, evaluated{a, s.evaluateIn(a.expr, ctx)})
		}
	}
	for _, inner := range b.blocks {
		switch {
		case inner.kind == "dynamic" && len(inner.labels) == 1:
			s.expand(out, inner, ctx)
		case !meta[inner.kind]:
			made := s.content(inner.body, ctx)
			made.rng = inner.rng
			out.add(inner.kind, made)
		}
	}
	return out
}

// expand makes the blocks of a `dynamic` block. Of a collection that is not known one element is tried, and none.
func (s *scope) expand(out *content, b *block, ctx *hcl.EvalContext) {
	kind := b.labels[0]
	each := b.body.attribute("for_each")
	contents := b.body.blocksOf("content")
	if each == nil || len(contents) == 0 {
		return
	}
	iterator := kind
	if a := b.body.attribute("iterator"); a != nil {
		if name := traversalText(expressionIn(a)); name != "" {
			iterator = name
		}
	}
	collection := s.evaluateIn(each.expr, ctx)
	// A list of principals that is not known is not empty.
	some := kind == "principals" || kind == "not_principals"
	for _, p := range s.elements(collection, s.run.text(each.expr.Range()), some) {
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{iterator: cty.ObjectVal(map[string]cty.Value{"key": p.key, "value": p.value})}
		made := s.content(contents[0].body, child)
		made.rng = b.rng
		out.add(kind, made)
	}
}

// elements are those of a collection. Where they are not known, there is one or none, unless there are some.
func (s *scope) elements(collection cty.Value, text string, some bool) []pair {
	bare, _ := collection.Unmark()
	if bare.IsKnown() && bare.IsNull() {
		return nil
	}
	if !bare.IsKnown() || !bare.CanIterateElements() {
		if s.run.blocked || !some && !s.mayHave(collection, text) {
			return nil
		}
		return []pair{{s.run.keyOf(collection, text), s.run.elementOf(collection, text)}}
	}
	var pairs []pair
	set := bare.Type().IsSetType()
	for it := bare.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if set {
			key = value
		}
		if inner, _ := value.Unmark(); !inner.IsKnown() && inner.Type() == cty.DynamicPseudoType {
			// Of a concat: a list of which nothing is known.
			if _, ok := s.run.holes.Of(value); ok && !some && !s.mayHave(value, text) {
				continue
			}
		}
		pairs = append(pairs, pair{key, value})
	}
	return pairs
}
