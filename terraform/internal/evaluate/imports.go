package evaluate

import (
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// importedObject is the existing object that an instance of an import block adopts.
type importedObject struct {
	block *block
	scope *scope
}

// importing returns the existing object that an import block of the root module gives to a resource instance, or nil.
func (e *emitter) importing(address string) *Importing {
	object, ok := e.run.imports()[address]
	if !ok {
		return nil
	}
	argument := func(name string) any {
		if a := object.block.body.attribute(name); a != nil {
			return e.json(object.scope.evaluate(a.expr), e.run.snippet(a.expr.Range()))
		}
		return nil
	}
	return &Importing{argument("id"), argument("identity")}
}

// imports returns the imported objects by the address of their resource instance. Only a root module has import blocks.
func (r *run) imports() map[string]importedObject {
	return memoize(r, r.root, "import", func() map[string]importedObject {
		out := map[string]importedObject{}
		s := &scope{run: r, module: r.root}
		for number, b := range r.root.definition.imports {
			to := b.body.attribute("to")
			if to == nil {
				continue
			}
			for _, key := range s.repetitionOf(b.body, "import "+strconv.Itoa(number)).keys {
				instance := &scope{run: r, module: r.root, each: key.each, forEachDeps: key.forEachDeps}
				if address := instance.addressOf(expressionOf(to)); address != "" {
					out[address] = importedObject{b, instance}
				}
			}
		}
		return out
	}, func() map[string]importedObject { return nil })
}

// addressOf returns the address that an expression such as `module.team["a"].aws_kms_key.this[each.key]` writes, or an
// empty string if a key is unknown.
func (s *scope) addressOf(expr hcl.Expression) string {
	switch e := unwrapped(expr).(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return appendSteps(e.Traversal.RootName(), e.Traversal[1:])
	case *relative:
		return s.extended(e.Source, e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		return s.extended(e.Source, e.Traversal)
	case *hclsyntax.IndexExpr:
		key := s.evaluate(wrap(e.Key))
		base := s.addressOf(e.Collection)
		if base == "" || hole.In(key) || key.IsNull() || !key.IsKnown() {
			return ""
		}
		return base + addressKey(key)
	}
	return ""
}

func (s *scope) extended(source hcl.Expression, steps hcl.Traversal) string {
	if base := s.addressOf(source); base != "" {
		return appendSteps(base, steps)
	}
	return ""
}

func appendSteps(address string, steps hcl.Traversal) string {
	for _, step := range steps {
		switch step := step.(type) {
		case hcl.TraverseAttr:
			address += "." + step.Name
		case hcl.TraverseIndex:
			address += addressKey(step.Key)
		}
	}
	return address
}

// addressKey returns an instance key in the notation of addresses.
func addressKey(key cty.Value) string {
	bare, _ := key.Unmark()
	if bare.Type() == cty.Number {
		return "[" + keyString(bare) + "]"
	}
	return "[" + quoted(keyString(bare)) + "]"
}
