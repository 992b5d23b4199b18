package evaluate

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// body is the body of a block, or of a file, in either syntax.
type body struct {
	attributes []*attribute
	blocks     []*block
	rng        hcl.Range
}

type attribute struct {
	name string
	// written is the expression as parsed; expr is the wrapped expression that evaluates it.
	written, expr hclsyntax.Expression
	rng           hcl.Range
}

type block struct {
	kind   string
	labels []string
	body   *body
	rng    hcl.Range
}

func (b *body) attribute(name string) *attribute {
	for _, a := range b.attributes {
		if a.name == name {
			return a
		}
	}
	return nil
}

func (b *body) blocksOf(kind string) []*block {
	var found []*block
	for _, inner := range b.blocks {
		if inner.kind == kind {
			found = append(found, inner)
		}
	}
	return found
}

func (b *body) blockOf(kind string) *body {
	for _, inner := range b.blocks {
		if inner.kind == kind {
			return inner.body
		}
	}
	return &body{}
}

// metaArguments lists the arguments and blocks that Terraform itself defines, at the top of a resource or provider. Inside
// a nested block, the same names belong to the resource: `encryption_config` of `aws_eks_cluster` has a block `provider`.
var metaArguments = map[string]bool{"count": true, "for_each": true, "provider": true, "depends_on": true, "lifecycle": true,
	"provisioner": true, "connection": true, "timeouts": true}

// own returns the arguments and blocks that the resource type or provider defines, without those of Terraform. A block `_`
// contains arguments that have the name of a meta-argument.
func (b *block) own() *body {
	out := &body{rng: b.body.rng}
	for _, a := range b.body.attributes {
		if !metaArguments[a.name] {
			out.attributes = append(out.attributes, a)
		}
	}
	for _, inner := range b.body.blocks {
		switch {
		case inner.kind == "_":
			out.attributes = append(out.attributes, inner.body.attributes...)
			out.blocks = append(out.blocks, inner.body.blocks...)
		case !metaArguments[inner.kind]:
			out.blocks = append(out.blocks, inner)
		}
	}
	return out
}

func newAttribute(name string, expr hclsyntax.Expression, rng hcl.Range) *attribute {
	return &attribute{name: name, written: expr, expr: wrap(expr), rng: rng}
}

// nativeBody converts a body in native syntax. Attributes are in file order.
func nativeBody(in *hclsyntax.Body) *body {
	out := &body{rng: in.SrcRange}
	for _, a := range in.Attributes {
		out.attributes = append(out.attributes, newAttribute(a.Name, a.Expr, a.SrcRange))
	}
	slices.SortFunc(out.attributes, func(a, b *attribute) int { return a.rng.Start.Byte - b.rng.Start.Byte })
	for _, b := range in.Blocks {
		out.blocks = append(out.blocks, &block{b.Type, b.Labels, nativeBody(b.Body), b.Range()})
	}
	return out
}

// labelCounts maps top-level block types to their number of labels.
var labelCounts = map[string]int{
	"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1, "locals": 0, "terraform": 0,
	"import": 0,
}

// jsonFile reads a file in JSON syntax. Without provider schemas, nested objects are arguments unless they have the
// name of a known block type.
func jsonFile(src []byte, path string) (*body, hcl.Diagnostics) {
	file, diags := json.Parse(src, path)
	if file == nil || file.Body == nil {
		return &body{}, diags
	}
	schema := &hcl.BodySchema{}
	for kind, labels := range labelCounts {
		names := []string{"type", "name"}[:labels]
		schema.Blocks = append(schema.Blocks, hcl.BlockHeaderSchema{Type: kind, LabelNames: names})
	}
	content, _, more := file.Body.PartialContent(schema)
	diags = append(diags, more...)
	out := &body{rng: file.Body.MissingItemRange()}
	for _, b := range content.Blocks {
		inner := &body{rng: b.DefRange}
		attributes, more := b.Body.JustAttributes()
		diags = append(diags, more...)
		rng := b.DefRange
		for _, a := range inOrder(attributes) {
			inner.add(a.Name, a.Expr, a.Range)
			rng.End = a.Range.End
		}
		out.blocks = append(out.blocks, &block{b.Type, b.Labels, inner, rng})
	}
	return out, diags
}

func inOrder(attributes hcl.Attributes) []*hcl.Attribute {
	return slices.SortedFunc(maps.Values(attributes), func(a, b *hcl.Attribute) int {
		return a.Range.Start.Byte - b.Range.Start.Byte
	})
}

var jsonBlocks = map[string]bool{"lifecycle": true, "validation": true, "statement": true, "principals": true,
	"not_principals": true, "condition": true, "assume_role": true, "default_tags": true, "inline_policy": true}

// add adds an argument, or the blocks that the JSON member represents.
func (b *body) add(name string, expr hcl.Expression, rng hcl.Range) {
	if name == "dynamic" {
		for _, one := range listOf(expr) {
			pairs, _ := hcl.ExprMap(one)
			for _, pair := range pairs {
				for _, each := range listOf(pair.Value) {
					b.blocks = append(b.blocks, dynamicOf(constantString(pair.Key), each))
				}
			}
		}
		return
	}
	if jsonBlocks[name] {
		for _, one := range listOf(expr) {
			if _, diags := hcl.ExprMap(one); !diags.HasErrors() {
				b.blocks = append(b.blocks, &block{name, nil, objectBody(one), one.Range()})
			}
		}
		return
	}
	b.attributes = append(b.attributes, newAttribute(name, native(expr), rng))
}

func dynamicOf(kind string, expr hcl.Expression) *block {
	inner := &body{rng: expr.Range()}
	pairs, _ := hcl.ExprMap(expr)
	for _, pair := range pairs {
		if name := constantString(pair.Key); name == "content" {
			for _, one := range listOf(pair.Value) {
				inner.blocks = append(inner.blocks, &block{"content", nil, objectBody(one), one.Range()})
			}
		} else {
			inner.attributes = append(inner.attributes, newAttribute(name, native(pair.Value), pair.Value.Range()))
		}
	}
	return &block{"dynamic", []string{kind}, inner, expr.Range()}
}

func objectBody(expr hcl.Expression) *body {
	out := &body{rng: expr.Range()}
	pairs, _ := hcl.ExprMap(expr)
	for _, pair := range pairs {
		out.add(constantString(pair.Key), pair.Value, pair.Value.Range())
	}
	return out
}

func listOf(expr hcl.Expression) []hcl.Expression {
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		return list
	}
	return []hcl.Expression{expr}
}

func constantString(expr hcl.Expression) string {
	value, _ := expr.Value(nil)
	if value.Type() == cty.String && value.IsKnown() && !value.IsNull() {
		return value.AsString()
	}
	return ""
}

// native converts an expression in JSON syntax to native syntax. Its strings are templates.
func native(expr hcl.Expression) hclsyntax.Expression {
	rng := expr.Range()
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		out := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: rng}
		for _, item := range list {
			out.Exprs = append(out.Exprs, native(item))
		}
		return out
	}
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		out := &hclsyntax.ObjectConsExpr{SrcRange: rng, OpenRange: rng}
		for _, pair := range pairs {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{
				KeyExpr:   templateExpression(constantString(pair.Key), pair.Key.Range()),
				ValueExpr: native(pair.Value),
			})
		}
		return out
	}
	value, _ := expr.Value(nil)
	if value.Type() == cty.String && value.IsKnown() && !value.IsNull() {
		return templateExpression(value.AsString(), rng)
	}
	return &hclsyntax.LiteralValueExpr{Val: value, SrcRange: rng}
}

func templateExpression(text string, rng hcl.Range) hclsyntax.Expression {
	if !strings.ContainsAny(text, `$%"`) {
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: rng}
	}
	expr, diags := hclsyntax.ParseTemplate([]byte(text), stringFile(rng), hcl.InitialPos)
	if diags.HasErrors() {
		return &hclsyntax.LiteralValueExpr{Val: cty.StringVal(text), SrcRange: rng}
	}
	return expr
}
