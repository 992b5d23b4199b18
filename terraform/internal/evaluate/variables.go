package evaluate

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// inputValue is the value of a root variable from a file, or a string from the command line.
type inputValue struct {
	known      cty.Value
	text       string
	fromString bool
	at         hcl.Range
}

// inputValue returns the value for a variable. A string from the command line is an expression if the type of the variable
// is `any` or not primitive. Without a type, the string is the value: 007.
func (r *run) inputValue(g inputValue, v *variable) cty.Value {
	if !g.fromString {
		return g.known
	}
	if v.ty.IsPrimitiveType() || v.block.body.attribute("type") == nil {
		return cty.StringVal(g.text)
	}
	expr, diags := hclsyntax.ParseExpression([]byte(g.text), "--var", hcl.InitialPos)
	if !diags.HasErrors() {
		if value, diags := r.constant(expr); !diags.HasErrors() {
			return value
		}
	}
	return cty.StringVal(g.text)
}

// inputValues reads the values of root variables in Terraform's order of precedence; later values win.
func (r *run) inputValues() map[string]inputValue {
	request := r.request
	input := map[string]inputValue{}
	var automatic []string
	entries, _ := r.loader.fs.List(request.Directory)
	present := map[string]bool{}
	for _, entry := range entries {
		present[entry.Name] = !entry.Directory
		if strings.HasSuffix(entry.Name, ".auto.tfvars") || strings.HasSuffix(entry.Name, ".auto.tfvars.json") {
			automatic = append(automatic, entry.Name)
		}
	}
	sort.Strings(automatic)
	var files []string
	for _, name := range append([]string{"terraform.tfvars", "terraform.tfvars.json"}, automatic...) {
		if present[name] {
			files = append(files, join(request.Directory, name))
		}
	}
	for _, file := range append(files, request.VariableFiles...) {
		r.variableFile(path.Clean(file), input)
	}
	for name, text := range request.Variables {
		input[name] = inputValue{text: text, fromString: true, at: hcl.Range{Filename: "--var " + name}}
	}
	return input
}

func (r *run) variableFile(file string, input map[string]inputValue) {
	l := r.loader
	src, err := l.source(file)
	if err != nil {
		reason := sentence("Cannot read the variable definitions file: " + err.Error())
		if errors.Is(err, fs.ErrNotExist) {
			reason = "The variable definitions file does not exist."
		}
		l.problems = append(l.problems, Problem{File: file, Message: reason, Remedy: "Check that the file exists and is readable."})
		return
	}
	if !l.isParsable(file, src) {
		return
	}
	var parsed *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(file, ".json") {
		parsed, diags = json.Parse(src, file)
	} else {
		parsed, diags = hclsyntax.ParseConfig(src, file, hcl.InitialPos)
	}
	if parsed != nil && parsed.Body != nil {
		attributes, more := parsed.Body.JustAttributes()
		diags = append(diags, more...)
		for name, a := range attributes {
			value, more := r.constant(a.Expr)
			if more.HasErrors() {
				diags = append(diags, more...)
				continue
			}
			input[name] = inputValue{known: value, at: a.Expr.Range()}
		}
	}
	for _, diag := range diags {
		if diag.Severity == hcl.DiagError {
			rng := hcl.Range{Filename: file, Start: hcl.InitialPos}
			if diag.Subject != nil {
				rng = *diag.Subject
			}
			l.problem(rng, sentence(diag.Summary+": "+diag.Detail), "Assign only constant values in a variable definitions file.")
			break
		}
	}
}

// checkInputs reports values that do not match the type of their variable. It returns the names from the command line
// that the root module does not declare. In files, Terraform only warns about undeclared names.
func (r *run) checkInputs(m *moduleInstance) (undeclared []string) {
	for _, name := range slices.Sorted(maps.Keys(r.inputs)) {
		input := r.inputs[name]
		v := m.definition.variables[name]
		if v == nil {
			if input.fromString {
				undeclared = append(undeclared, name)
			}
			continue
		}
		r.withinBudget(input.at, func() cty.Value {
			value := r.inputValue(input, v)
			if v.concealed {
				r.loader.secrets.add(value)
			}
			r.checkInput(v, value, input.at)
			return cty.NilVal
		})
	}
	return undeclared
}

// checkInput reports a value that does not match the type of its variable.
func (r *run) checkInput(v *variable, value cty.Value, at hcl.Range) {
	if value.IsNull() || hole.In(value) {
		return
	}
	if v.defaults != nil {
		value = v.defaults.Apply(value)
	}
	r.budget.Visited(value)
	r.budget.Conversion(value, v.ty)
	if _, err := convert.Convert(value, v.ty); err != nil {
		r.loader.problem(at, "Invalid value for variable "+v.name+": "+sentence(convertError(err)),
			"Use a value of the type that "+v.block.rng.Filename+" declares in line "+strconv.Itoa(v.block.rng.Start.Line)+".")
	}
}

// convertError returns the message of a conversion error with the path to the value that it concerns.
func convertError(err error) string {
	var at cty.PathError
	if !errors.As(err, &at) || len(at.Path) == 0 {
		return err.Error()
	}
	path := ""
	for _, step := range at.Path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			path += "." + step.Name
		case cty.IndexStep:
			path += "[" + keyString(step.Key) + "]"
		}
	}
	return strings.TrimPrefix(path, ".") + ": " + err.Error()
}
