package evaluate

import (
	"sort"
	"strconv"
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// instanceKey identifies an instance of a block with count, with for_each, or with neither.
type instanceKey struct {
	// index is nil, an int or a string.
	index any
	each  *pair
	count *cty.Value
	// forEachDeps holds the dependencies of the for_each argument.
	forEachDeps *dependencies
}

func (k instanceKey) suffix() string {
	switch index := k.index.(type) {
	case int:
		return "[" + strconv.Itoa(index) + "]"
	case string:
		return "[" + quoted(index) + "]"
	}
	return ""
}

var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{")

func quoted(text string) string { return `"` + quotes.Replace(text) + `"` }

// repetition lists the instances of a block.
type repetition struct {
	kind string // "", "count" or "for_each"
	keys []instanceKey
	// open is true if the number of instances is unknown. Then one key represents all instances, and cause is the
	// hole.
	open  bool
	cause hole.Hole
	// truncated is true if the block has more instances than the budget allows.
	truncated bool
}

// repetitionOf returns the instances of the block at an address according to its count or for_each.
func (s *scope) repetitionOf(b *body, address string) repetition {
	r := s.run
	if a := b.attribute("count"); a != nil {
		value := r.withinBudget(a.expr.Range(), func() cty.Value {
			value := r.withoutChoices(func() cty.Value { return s.evaluate(a.expr) })
			r.budget.Conversion(value, cty.Number)
			return value
		})
		bare, _ := value.UnmarkDeep()
		number, err := convert.Convert(bare, cty.Number)
		if err != nil || hole.In(value) || number.IsNull() || !number.IsKnown() {
			h := r.derivedHole(value, "count.index")
			count := r.holes.Value(h, cty.Number)
			return repetition{kind: "count", keys: []instanceKey{{count: &count}}, open: true, cause: r.derivedHole(value, r.snippet(a.expr.Range()))}
		}
		wanted, _ := number.AsBigFloat().Int64()
		granted := r.budget.Instances(address, int(max(0, wanted)))
		out := repetition{kind: "count", truncated: granted < int(wanted)}
		for i := range granted {
			count := cty.NumberIntVal(int64(i))
			out.keys = append(out.keys, instanceKey{index: i, count: &count})
		}
		return out
	}
	if a := b.attribute("for_each"); a != nil {
		outer := r.deps
		from := newDependencies()
		r.deps = from
		value := r.withoutChoices(func() cty.Value { return s.evaluate(a.expr) })
		r.deps = outer
		r.deps.add(from)
		bare, _ := value.Unmark()
		text := r.snippet(a.expr.Range())
		if !bare.IsKnown() || bare.IsNull() || !bare.CanIterateElements() || bare.Type() == cty.String {
			key := &pair{r.unknownKey(value, text), r.unknownElement(value, text)}
			return repetition{kind: "for_each", keys: []instanceKey{{each: key, forEachDeps: from}}, open: true, cause: r.derivedHole(value, text)}
		}
		granted := r.budget.Instances(address, bare.LengthInt())
		out := repetition{kind: "for_each", truncated: granted < bare.LengthInt()}
		sequence := bare.Type().IsSetType() || bare.Type().IsTupleType() || bare.Type().IsListType()
		for it := bare.ElementIterator(); len(out.keys) < granted && it.Next(); {
			key, element := it.Element()
			if sequence {
				key = element
			}
			key = r.asString(key, text)
			name := keyString(key)
			one := instanceKey{index: name, each: &pair{cty.StringVal(name), element}, forEachDeps: from}
			if hole.InString(name) {
				one.index = nil
			}
			out.keys = append(out.keys, one)
		}
		sort.SliceStable(out.keys, func(i, j int) bool {
			a, _ := out.keys[i].index.(string)
			b, _ := out.keys[j].index.(string)
			return a < b
		})
		return out
	}
	if a := b.blockOf("lifecycle").attribute("enabled"); a != nil {
		return s.enabledRepetition(a)
	}
	if r.budget.Instances(address, 1) == 0 {
		return repetition{truncated: true}
	}
	return repetition{keys: []instanceKey{{}}}
}

// enabledRepetition returns one instance, or none if OpenTofu's `enabled` is false.
func (s *scope) enabledRepetition(a *attribute) repetition {
	value := s.run.withoutChoices(func() cty.Value { return s.evaluate(a.expr) })
	bare, _ := value.UnmarkDeep()
	enabled, err := convert.Convert(bare, cty.Bool)
	switch {
	case err != nil || hole.In(value) || enabled.IsNull() || !enabled.IsKnown():
		return repetition{keys: []instanceKey{{}}, open: true, cause: s.run.derivedHole(value, s.run.snippet(a.expr.Range()))}
	case enabled.False():
		return repetition{}
	}
	return repetition{keys: []instanceKey{{}}}
}
