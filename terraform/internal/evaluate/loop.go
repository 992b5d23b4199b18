package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

func (e *loop) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	s := scopeOf(ctx)
	if s == nil {
		return e.ForExpr.Value(ctx)
	}
	collection, diags := e.CollExpr.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	bare, marks := collection.Unmark()
	if bare.IsNull() {
		return cty.DynamicVal, append(diags, errorAt(e.CollExpr.Range(), "Iteration over null value"))
	}
	var pairs []pair
	switch {
	case !bare.IsKnown() || bare.Type() == cty.String && hole.InString(bare.AsString()):
		if s.run.choicesDisabled {
			return s.run.holes.Value(s.run.derivedHole(collection, s.run.snippet(e.SrcRange)), cty.DynamicPseudoType), diags
		}
		text := s.run.snippet(e.CollExpr.Range())
		if buildsObject(e.ValExpr) && !s.chooseNonEmpty(collection, text) {
			break
		}
		pairs = []pair{{s.run.unknownKey(collection, text), s.run.unknownElement(collection, text)}}
	case !bare.CanIterateElements():
		return cty.DynamicVal, append(diags, errorAt(e.CollExpr.Range(), "Iteration over non-iterable value"))
	default:
		for it := bare.ElementIterator(); it.Next(); {
			key, value := it.Element()
			pairs = append(pairs, pair{key, value})
		}
	}
	s.run.budget.Steps(len(pairs))
	var elements []cty.Value
	named := map[string]cty.Value{}
	grouped := map[string][]cty.Value{}
	for _, p := range pairs {
		s.run.budget.Step()
		child := ctx.NewChild()
		child.Variables = map[string]cty.Value{e.ValVar: p.value}
		if e.KeyVar != "" {
			child.Variables[e.KeyVar] = p.key
		}
		if e.CondExpr != nil {
			holds, known, more := s.decide(e.CondExpr, child)
			if more.HasErrors() {
				return cty.DynamicVal, more
			}
			if !known {
				return s.run.holes.Value(s.run.derivedHole(p.value, s.run.snippet(e.SrcRange)), cty.DynamicPseudoType), diags
			}
			if !holds {
				continue
			}
		}
		value, more := e.ValExpr.Value(child)
		if more.HasErrors() {
			return cty.DynamicVal, append(diags, more...)
		}
		if e.KeyExpr == nil {
			elements = append(elements, value)
			continue
		}
		key, more := e.KeyExpr.Value(child)
		if more.HasErrors() {
			return cty.DynamicVal, append(diags, more...)
		}
		name := keyString(s.run.asStringAt(key, e.KeyExpr.Range()))
		if e.Group {
			grouped[name] = append(grouped[name], value)
		} else {
			named[name] = value
		}
	}
	switch {
	case e.KeyExpr == nil:
		value := cty.TupleVal(elements)
		s.run.budget.Visited(value)
		return value.WithMarks(marks), diags
	case e.Group:
		for name, values := range grouped {
			named[name] = cty.TupleVal(values)
		}
	}
	value := cty.ObjectVal(named)
	s.run.budget.Visited(value)
	return value.WithMarks(marks), diags
}

// buildsObject reports whether an expression constructs an object, such as a policy statement.
func buildsObject(expr hclsyntax.Expression) bool {
	switch e := expr.(type) {
	case *object:
		return true
	case *hclsyntax.ParenthesesExpr:
		return buildsObject(e.Expression)
	case *functionCall:
		return e.Name == "merge"
	}
	return false
}

// chooseNonEmpty chooses whether an unknown collection has elements.
func (s *scope) chooseNonEmpty(collection cty.Value, text string) bool {
	h := s.run.holeOf(collection, text)
	return s.run.choose(Atom{ID: "elements " + s.run.choiceID(collection, text, s), Subject: h.Expression + " has elements"}) == 0
}
