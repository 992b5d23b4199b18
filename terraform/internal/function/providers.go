package function

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// defineProviders defines the functions of the aws and terraform providers.
func (l *library) defineProviders() {
	text := cty.String
	arn := []function.Parameter{param("arn", text)}
	l.define("provider::aws::arn_parse", signature(arn, nil), arnParse)
	l.define("provider::aws::arn_build", typedFunction(text, func(args []cty.Value) (cty.Value, error) {
		return cty.StringVal(joined("arn", args)), nil
	}, param("partition", text), param("service", text), param("region", text), param("account_id", text), param("resource", text)), runWithPlaceholders)
	l.define("provider::aws::trim_iam_role_path", stringFunction("arn", trimRolePath), nil)
	l.define("provider::aws::user_agent", typedFunction(text, func(args []cty.Value) (cty.Value, error) {
		agent := args[0].AsString()
		if version := args[1].AsString(); version != "" {
			agent += "/" + version
		}
		if comment := args[2].AsString(); comment != "" {
			agent += " (" + comment + ")"
		}
		return cty.StringVal(agent), nil
	}, param("product_name", text), param("product_version", text), param("comment", text)), nil)
	anything := []function.Parameter{nullable("value", cty.DynamicPseudoType)}
	l.define("provider::terraform::encode_expr", signature(anything, nil), encodeExpression)
	l.define("provider::terraform::encode_tfvars", signature(anything, nil), encodeVariables)
	l.define("provider::terraform::decode_tfvars", signature([]function.Parameter{param("src", text)}, nil), decodeVariables)
}

func joined(first string, args []cty.Value) string {
	parts := []string{first}
	for _, arg := range args {
		parts = append(parts, arg.AsString())
	}
	return strings.Join(parts, ":")
}

// runWithPlaceholders calls the function with a placeholder for every unknown argument.
func runWithPlaceholders(c *call) (cty.Value, error) {
	symbolic := make([]cty.Value, len(c.args))
	for i, arg := range c.args {
		symbolic[i] = c.holes.Symbolic(arg, c.callHole())
	}
	return c.withArguments(symbolic).run()
}

var arnFields = []string{"partition", "service", "region", "account_id", "resource"}

func arnParse(c *call) (cty.Value, error) {
	object := map[string]cty.Value{}
	text := c.stringArgument(0)
	if text == nil || hole.IsWhole(*text) || hole.InString(*text) && strings.Count(*text, ":") < 5 {
		for _, field := range arnFields {
			h := hole.Hole{Reason: c.reason(), Expression: c.describe(c.texts()...) + "." + field}
			object[field] = c.holes.StringValue(h)
		}
		return c.withArgumentMarks(cty.ObjectVal(object)), nil
	}
	fields := strings.SplitN(*text, ":", 6)
	if len(fields) < 6 || fields[0] != "arn" {
		problem := "arn: invalid prefix"
		if strings.HasPrefix(*text, "arn:") {
			problem = "arn: not enough sections"
		}
		return argError(0, "%s", problem)
	}
	for i, field := range arnFields {
		object[field] = cty.StringVal(fields[i+1])
	}
	return c.withArgumentMarks(cty.ObjectVal(object)), nil
}

var roleArn = regexp.MustCompile(`^(arn:[^:]*:iam::[^:]*:role/)(?:.*/)?([^/]+)$`)

func trimRolePath(text string) (string, error) {
	if !strings.HasPrefix(text, "arn:") {
		return "", errors.New("arn: invalid prefix")
	}
	fields := strings.SplitN(text, ":", 6)
	if len(fields) < 6 {
		return "", errors.New("arn: not enough sections")
	}
	if fields[2] != "iam" {
		return "", fmt.Errorf(`service must be "iam"`)
	}
	if !strings.HasPrefix(fields[5], "role/") {
		return "", fmt.Errorf(`resource must be a role`)
	}
	return roleArn.ReplaceAllString(text, "$1$2"), nil
}

func encodeExpression(c *call) (cty.Value, error) {
	bare, _ := c.args[0].UnmarkDeep()
	if !bare.IsKnown() {
		return c.unknownOf(cty.String), nil
	}
	if countValues(bare, maxElements) > maxElements {
		return cty.NilVal, tooMany()
	}
	plain, _ := c.holes.Symbolic(c.args[0], c.callHole()).UnmarkDeep()
	return c.withArgumentMarks(cty.StringVal(unescapeHoles(string(hclwrite.TokensForValue(plain).Bytes())))), nil
}

func encodeVariables(c *call) (cty.Value, error) {
	bare, _ := c.args[0].UnmarkDeep()
	if bare.IsNull() {
		return argError(0, "cannot encode a null value in tfvars syntax")
	}
	if !bare.IsKnown() {
		return c.unknownOf(cty.String), nil
	}
	if !isKeyed(bare.Type()) {
		return argError(0, "invalid value to encode: must be an object whose attribute names will become the encoded variable names")
	}
	plain, _ := c.holes.Symbolic(c.args[0], c.callHole()).UnmarkDeep()
	file := hclwrite.NewEmptyFile()
	for it := plain.ElementIterator(); it.Next(); {
		key, v := it.Element()
		name := key.AsString()
		if hole.InString(name) {
			return c.unknownOf(cty.String), nil
		}
		if !hclsyntax.ValidIdentifier(name) {
			return argError(0, "invalid variable name %q: must be a valid identifier, per Terraform's rules for input variable declarations", name)
		}
		file.Body().SetAttributeValue(name, v)
	}
	return c.withArgumentMarks(cty.StringVal(unescapeHoles(string(file.Bytes())))), nil
}

func decodeVariables(c *call) (cty.Value, error) {
	text := c.stringArgument(0)
	if text == nil || hole.IsWhole(*text) {
		return c.unknownOf(cty.DynamicPseudoType), nil
	}
	if nestingDepth(parentheses.Replace(*text)) > maxDepth {
		return cty.NilVal, errTooDeep
	}
	invalid := func(diags hcl.Diagnostics) (cty.Value, error) {
		if hole.InString(*text) {
			return c.unknownOf(cty.DynamicPseudoType), nil
		}
		return argError(0, "invalid tfvars syntax: %s", diags.Error())
	}
	c.budget.Digits(*text)
	file, diags := hclsyntax.ParseConfig([]byte(*text), "<decode_tfvars argument>", hcl.InitialPos)
	if diags.HasErrors() {
		return invalid(diags)
	}
	attributes, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		return invalid(diags)
	}
	object := map[string]cty.Value{}
	for name, attribute := range attributes {
		if calculates(attribute.Expr) {
			return c.unknownOf(cty.DynamicPseudoType), nil
		}
		v, diags := attribute.Expr.Value(nil)
		if diags.HasErrors() {
			return invalid(diags)
		}
		object[name] = v
	}
	return c.withArgumentMarks(cty.ObjectVal(object)), nil
}

// calculates reports whether an expression has a loop or operator, whose work the budget does not limit.
func calculates(expr hcl.Expression) (found bool) {
	native, ok := expr.(hclsyntax.Expression)
	if !ok {
		return false
	}
	_ = hclsyntax.VisitAll(native, func(node hclsyntax.Node) hcl.Diagnostics {
		switch node.(type) {
		case *hclsyntax.ForExpr, *hclsyntax.SplatExpr, *hclsyntax.BinaryOpExpr:
			found = true
		}
		return nil
	})
	return found
}
