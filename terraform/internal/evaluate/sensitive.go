package evaluate

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/function"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
)

// Sensitive is what the host must not show: the texts of sensitive values, and the ranges of literals that the source
// spells them with.
type Sensitive struct {
	Texts  []string `json:"texts"`
	Ranges [][3]int `json:"ranges"`
}

// secrets collects the sensitive values of an evaluation. Marks decide which arguments are sensitive; the texts are
// for values that reach a message, or a place that keeps no marks.
type secrets struct {
	texts map[string]bool
	// public holds the arguments of nonsensitive, which the author shows.
	public map[string]bool
	ranges map[hole.Range]bool
}

func newSecrets() *secrets {
	return &secrets{map[string]bool{}, map[string]bool{}, map[hole.Range]bool{}}
}

// maxSecret limits the length of a text. The host finds a longer one by its beginning.
const maxSecret = 64 << 10

// add adds the strings and numbers of a value.
func (s *secrets) add(value cty.Value) { addTexts(s.texts, value) }

// publish adds the strings of a value that the author shows.
func (s *secrets) publish(value cty.Value) { addTexts(s.public, value) }

func addTexts(texts map[string]bool, value cty.Value) {
	bare, _ := value.Unmark()
	if !bare.IsKnown() || bare.IsNull() {
		return
	}
	switch ty := bare.Type(); {
	case ty == cty.String:
		// A text with a hole never occurs as such; the parts around the hole may be public.
		if text := bare.AsString(); !hole.In(value) {
			texts[strings.ToValidUTF8(text[:min(len(text), maxSecret)], "")] = true
		}
	case ty == cty.Number:
		texts[bare.AsBigFloat().Text('f', -1)] = true
	case bare.CanIterateElements():
		for it := bare.ElementIterator(); it.Next(); {
			_, element := it.Element()
			addTexts(texts, element)
		}
	}
}

// addExpression adds the literals of an expression that gives a sensitive value.
func (s *secrets) addExpression(expr hclsyntax.Expression) {
	if value, diags := expr.Value(nil); !diags.HasErrors() {
		s.add(value)
	}
	hclsyntax.VisitAll(expr, func(node hclsyntax.Node) (none hcl.Diagnostics) {
		if literal, ok := node.(*hclsyntax.LiteralValueExpr); ok {
			s.ranges[rangeOf(literal.SrcRange)] = true
		}
		return
	})
}

// addCalls adds the arguments of all calls of the function `sensitive` in a body, also of those that are not evaluated.
func (s *secrets) addCalls(b *body) {
	for _, a := range b.attributes {
		hclsyntax.VisitAll(a.expr, func(node hclsyntax.Node) (none hcl.Diagnostics) {
			if call, ok := node.(*functionCall); ok && isFunction(call.Name, "sensitive") {
				for _, arg := range call.Args {
					s.addExpression(arg)
				}
			}
			return
		})
	}
	for _, inner := range b.blocks {
		s.addCalls(inner.body)
	}
}

// addResult adds the result of a function call if it is sensitive, such as the Base64 encoding of a password.
func (s *secrets) addResult(name string, value cty.Value) {
	if isFunction(name, "nonsensitive") {
		s.publish(value)
		return
	}
	bare, marks := value.Unmark()
	ty := bare.Type()
	isText := ty == cty.String || (ty.IsListType() || ty.IsSetType()) && ty.ElementType() == cty.String
	if _, ok := marks[function.Sensitive{}]; ok && (isFunction(name, "sensitive") || isText) {
		s.add(value)
	}
}

func isFunction(called, name string) bool { return called == name || called == "core::"+name }

// response returns the texts and ranges in a stable order.
func (s *secrets) response(l *loader, files *fileList) Sensitive {
	out := Sensitive{[]string{}, [][3]int{}}
	for _, text := range slices.Sorted(maps.Keys(s.texts)) {
		if !s.public[text] {
			out.Texts = append(out.Texts, text)
		}
	}
	ranges := slices.SortedFunc(maps.Keys(s.ranges), func(a, b hole.Range) int {
		if order := strings.Compare(a.File, b.File); order != 0 {
			return order
		}
		return a.Start - b.Start
	})
	for _, rng := range ranges {
		if at, ok := l.onDisk(rng); ok && at.Start < at.End {
			out.Ranges = append(out.Ranges, files.span(at))
		}
	}
	return out
}
