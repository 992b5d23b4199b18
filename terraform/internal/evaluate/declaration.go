package evaluate

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// literalString returns the value of a literal string argument, or an empty string.
func literalString(a *attribute) string {
	if a == nil {
		return ""
	}
	value := literal(a.written)
	if value == cty.NilVal || value.IsNull() || value.Type() != cty.String {
		return ""
	}
	return value.AsString()
}

// expressionOf returns the expression of an argument. In JSON syntax and in older modules, a string can contain the
// expression.
func expressionOf(a *attribute) hcl.Expression {
	if text := literalString(a); text != "" {
		if expr, diags := hclsyntax.ParseExpression([]byte(text), a.rng.Filename, a.rng.Start); !diags.HasErrors() {
			return expr
		}
	}
	return a.written
}

func (l *loader) variable(b *block) *variable {
	v := &variable{name: b.labels[0], block: b, ty: cty.DynamicPseudoType, nullable: true}
	if a := b.body.attribute("type"); a != nil {
		constraint := expressionOf(a)
		if native, ok := constraint.(hclsyntax.Expression); ok && !isLiteral(native) {
			l.problem(a.rng, "The type constraint of the variable "+v.name+" calculates a value.", "Write constant default values.")
			return v
		}
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(constraint)
		if !diags.HasErrors() {
			v.ty, v.defaults = ty, unmarkedDefaults(defaults)
		}
	}
	v.defaultValue = b.body.attribute("default")
	v.sensitive = isTrue(b.body.attribute("sensitive"))
	v.concealed = isConcealed(b)
	if v.concealed && v.defaultValue != nil {
		l.secrets.addExpression(v.defaultValue.expr)
	}
	if a := b.body.attribute("nullable"); a != nil && !isTrue(a) {
		v.nullable = false
	}
	for _, validation := range b.body.blocksOf("validation") {
		if allowed := allowedValues(validation.body.attribute("condition"), v.name); allowed != nil {
			v.allowed = allowed
			if v.concealed {
				l.secrets.addExpression(validation.body.attribute("condition").expr)
				for _, text := range allowed {
					l.secrets.add(cty.StringVal(text))
				}
			}
		}
	}
	return v
}

// isConcealed reports whether a declaration is sensitive or ephemeral.
func isConcealed(b *block) bool {
	return isTrue(b.body.attribute("sensitive")) || isTrue(b.body.attribute("ephemeral"))
}

// unmarkedDefaults removes range marks from defaults because HCL does not apply marked defaults.
func unmarkedDefaults(d *typeexpr.Defaults) *typeexpr.Defaults {
	if d == nil {
		return nil
	}
	for name, value := range d.DefaultValues {
		d.DefaultValues[name], _ = value.UnmarkDeep()
	}
	for _, inner := range d.Children {
		unmarkedDefaults(inner)
	}
	return d
}

func isTrue(a *attribute) bool {
	if a == nil {
		return false
	}
	value := literal(a.written)
	return value != cty.NilVal && value.Type() == cty.Bool && !value.IsNull() && value.True()
}

// allowedValues returns the list of a condition `contains(["a", "b"], var.name)`, or nil for any other condition.
func allowedValues(a *attribute, name string) []string {
	if a == nil {
		return nil
	}
	called, diags := hcl.ExprCall(a.written)
	if diags.HasErrors() || called.Name != "contains" || len(called.Arguments) != 2 {
		return nil
	}
	traversal, diags := hcl.AbsTraversalForExpr(called.Arguments[1])
	if diags.HasErrors() || len(traversal) != 2 || traversal.RootName() != "var" {
		return nil
	}
	if step, ok := traversal[1].(hcl.TraverseAttr); !ok || step.Name != name {
		return nil
	}
	list, diags := hcl.ExprList(called.Arguments[0])
	if diags.HasErrors() {
		return nil
	}
	var allowed []string
	for _, item := range list {
		value := literal(item)
		if value == cty.NilVal || value.IsNull() || value.Type() != cty.String {
			return nil
		}
		allowed = append(allowed, value.AsString())
	}
	return allowed
}
