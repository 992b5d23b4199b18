package function

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func isKeyed(ty cty.Type) bool { return ty.IsMapType() || ty.IsObjectType() }

// merge keeps what is known. Of a map that is not known, the result has a key that is the hole; the values of all maps
// before it are holes too, as any of them may be replaced.
func merge(c *call) (cty.Value, error) {
	if !c.partial() {
		return c.keep()
	}
	out := map[string]cty.Value{}
	var marks []cty.ValueMarks
	var open *hole.Hole
	sameMap := cty.NilType
	for i, arg := range c.args {
		bare, own := arg.Unmark()
		ty := bare.Type()
		if i == 0 {
			sameMap = ty
		}
		if !ty.Equals(sameMap) || !ty.IsMapType() {
			sameMap = cty.NilType
		}
		if !isKeyed(ty) && ty != cty.DynamicPseudoType {
			return cty.NilVal, fmt.Errorf("arguments must be maps or objects, got %#v", ty.FriendlyName())
		}
		if bare.IsNull() {
			continue
		}
		if !bare.IsKnown() {
			h, ok := c.why(arg)
			if !ok {
				h = c.described()
			}
			if ty.IsObjectType() {
				for name, attribute := range ty.AttributeTypes() {
					out[name] = c.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + "." + name}, attribute)
				}
				continue
			}
			c.shadow(out, arg)
			key := c.holes.Text(hole.Hole{Reason: h.Reason, Expression: "keys(" + h.Expression + ")[*]"}).AsString()
			out[key] = c.elementOf(arg)
			open = &h
			continue
		}
		marks = append(marks, own)
		if hole.IsOpen(arg) {
			h, _ := c.why(arg)
			open = &h
			c.shadow(out, arg)
		}
		for it := bare.ElementIterator(); it.Next(); {
			key, v := it.Element()
			out[key.AsString()] = v
		}
	}
	result := cty.ObjectVal(out)
	if sameMap != cty.NilType {
		result = cty.MapValEmpty(sameMap.ElementType())
		if len(out) > 0 {
			result = cty.MapVal(out)
		}
	}
	result = result.WithMarks(marks...)
	if open != nil {
		result = c.holes.Open(result, *open)
	}
	return result, nil
}

// shadow replaces values that a map that is not wholly known may replace.
func (c *call) shadow(out map[string]cty.Value, by cty.Value) {
	h, ok := c.why(by)
	if !ok {
		h = c.described()
	}
	for key, v := range out {
		if hole.InText(key) {
			continue
		}
		expression := fmt.Sprintf("lookup(%s, %q, %s)", h.Expression, key, c.write(v))
		bare, _ := v.Unmark()
		out[key] = c.holes.Value(hole.Hole{Reason: h.Reason, Expression: expression}, bare.Type())
	}
}

func keys(c *call) (cty.Value, error) {
	if !c.partial() {
		return c.keep()
	}
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() && !bare.Type().IsObjectType() {
		return cty.NilVal, nil
	}
	v, err := c.keep()
	if err != nil {
		return cty.NilVal, err
	}
	if !bare.IsKnown() {
		// The keys of an object type are known, whatever its values are.
		return hole.Wash(v), nil
	}
	if !hole.In(v) {
		return v, nil
	}
	return c.unordered(v), nil
}

// unordered opens a list of keys or values, whose order hangs on keys with holes.
func (c *call) unordered(v cty.Value) cty.Value {
	bare, _ := v.Unmark()
	if hole.IsOpen(v) || bare.LengthInt() < 2 {
		return v
	}
	h, _ := c.why(c.args[0])
	return c.holes.Open(v, h)
}

func values(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	v, err := c.keep()
	if err != nil || !c.holeKeys(bare) {
		return v, err
	}
	return c.unordered(v), nil
}

func (l *library) holeKeys(v cty.Value) bool {
	if v.Type().IsObjectType() {
		return holeKeys(v.Type())
	}
	return v.IsKnown() && mapHoleKeys(v)
}

// lookup answers for a key that the map certainly has, or certainly has not.
func lookup(c *call) (cty.Value, error) {
	if len(c.args) > 3 {
		return cty.NilVal, fmt.Errorf("lookup() takes two or three arguments, got %d", len(c.args))
	}
	bare, marks := c.args[0].Unmark()
	ty := bare.Type()
	if !isKeyed(ty) && ty != cty.DynamicPseudoType {
		return cty.NilVal, function.NewArgErrorf(0, "lookup() requires a map as the first argument")
	}
	key := c.text(1)
	result := cty.DynamicPseudoType
	if ty.IsMapType() {
		result = ty.ElementType()
	}
	if key == nil || hole.InText(*key) || !bare.IsKnown() && !ty.IsObjectType() {
		return c.holeOf(result), nil
	}
	_, keyMarks := c.args[1].Unmark()
	if ty.IsObjectType() && ty.HasAttribute(*key) {
		if !bare.IsKnown() {
			h, _ := c.why(c.args[0])
			return c.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + "." + *key}, ty.AttributeType(*key)), nil
		}
		return bare.GetAttr(*key).WithMarks(washed(marks), keyMarks), nil
	}
	if ty.IsMapType() && bare.HasIndex(cty.StringVal(*key)).RawEquals(cty.True) {
		return bare.Index(cty.StringVal(*key)).WithMarks(washed(marks), keyMarks), nil
	}
	if c.holeKeys(bare) || hole.IsOpen(c.args[0]) {
		return c.holeOf(result), nil
	}
	if len(c.args) == 2 && ty.IsObjectType() {
		return cty.NilVal, function.NewArgErrorf(0, "the given object has no attribute %q", *key)
	}
	if len(c.args) == 2 {
		return cty.NilVal, fmt.Errorf("lookup failed to find key %q", *key)
	}
	v, err := c.fit(c.args[2], result)
	if err != nil {
		return cty.NilVal, function.NewArgErrorf(2, "the default value must have the same type as the map elements")
	}
	return v.WithMarks(marks, keyMarks), nil
}

func zipmap(c *call) (cty.Value, error) {
	keys, values := c.args[0], c.args[1]
	bareKeys, _ := keys.Unmark()
	bareValues, _ := values.Unmark()
	if !bareKeys.IsWhollyKnown() || !bareValues.IsKnown() || hole.IsOpen(keys) || hole.IsOpen(values) {
		return cty.NilVal, nil
	}
	v, err := c.keep()
	if err != nil || !hole.In(bareKeys) || bareKeys.LengthInt() < 2 {
		return v, err
	}
	h, _ := c.why(keys)
	return c.holes.Open(v, h), nil
}
