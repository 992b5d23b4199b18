package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// content is an evaluated body with expanded `dynamic` blocks.
type content struct {
	attributes []evaluated
	blocks     map[string][]*content
	// kinds lists the block types in order of appearance.
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

// value returns a block as an object.
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
	s.run.budget.Steps(1 + len(b.attributes) + len(b.blocks))
	out := &content{blocks: map[string][]*content{}, rng: b.rng}
	for _, a := range b.attributes {
		out.attributes = append(out.attributes, evaluated{a, s.evaluateIn(a.expr, ctx)})
	}
	for _, inner := range b.blocks {
		if inner.kind == "dynamic" && len(inner.labels) == 1 {
			s.expandDynamic(out, inner, ctx)
			continue
		}
		evaluated := s.content(inner.body, ctx)
		evaluated.rng = inner.rng
		out.add(inner.kind, evaluated)
	}
	return out
}

// expandDynamic adds the blocks of a `dynamic` block. For an unknown collection, it chooses between one element and
// none.
func (s *scope) expandDynamic(out *content, b *block, ctx *hcl.EvalContext) {
	kind := b.labels[0]
	each := b.body.attribute("for_each")
	contents := b.body.blocksOf("content")
	if each == nil || len(contents) == 0 {
		return
	}
	iterator := kind
	if a := b.body.attribute("iterator"); a != nil {
		if name := traversalString(expressionOf(a)); name != "" {
			iterator = name
		}
	}
	collection := s.evaluateIn(each.expr, ctx)
	// An unknown list of principals is assumed not to be empty.
	nonEmpty := kind == "principals" || kind == "not_principals"
	for _, p := range s.dynamicElements(collection, s.run.snippet(each.expr.Range()), nonEmpty) {
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{iterator: cty.ObjectVal(map[string]cty.Value{"key": p.key, "value": p.value})}
		evaluated := s.content(contents[0].body, child)
		evaluated.rng = b.rng
		out.add(kind, evaluated)
	}
}

// dynamicElements returns the elements of a collection. For an unknown collection, it chooses between one
// element and none, or returns one element if nonEmpty is true.
func (s *scope) dynamicElements(collection cty.Value, text string, nonEmpty bool) []pair {
	bare, _ := collection.Unmark()
	if bare.IsKnown() && bare.IsNull() {
		return nil
	}
	if !bare.IsKnown() || !bare.CanIterateElements() {
		if s.run.choicesDisabled || !nonEmpty && !s.chooseNonEmpty(collection, text) {
			return nil
		}
		return []pair{{s.run.unknownKey(collection, text), s.run.unknownElement(collection, text)}}
	}
	var pairs []pair
	set := bare.Type().IsSetType()
	for it := bare.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if set {
			key = value
		}
		if inner, _ := value.Unmark(); !inner.IsKnown() && inner.Type() == cty.DynamicPseudoType {
			// concat represents an unknown list by one element.
			if _, ok := s.run.holes.HoleOf(value); ok && !nonEmpty && !s.chooseNonEmpty(value, text) {
				continue
			}
		}
		pairs = append(pairs, pair{key, value})
	}
	return pairs
}
