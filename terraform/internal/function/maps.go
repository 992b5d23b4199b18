package function

import (
	"fmt"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func isKeyed(ty cty.Type) bool { return ty.IsMapType() || ty.IsObjectType() }

// merge keeps the known entries. For an unknown map, the result has a placeholder as a key. The values of earlier
// maps become holes because the unknown map can replace any of them.
func merge(c *call) (cty.Value, error) {
	if !c.hasPartialArgument() {
		return c.runMarked()
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
			h, ok := c.cause(arg)
			if !ok {
				h = c.callHole()
			}
			if ty.IsObjectType() {
				for name, attribute := range ty.AttributeTypes() {
					out[name] = c.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + "." + name}, attribute)
				}
				continue
			}
			c.mayReplace(out, arg)
			key := c.holes.StringValue(hole.Hole{Reason: h.Reason, Expression: "keys(" + h.Expression + ")[*]"}).AsString()
			out[key] = c.unknownElement(arg)
			open = &h
			continue
		}
		marks = append(marks, own)
		if hole.IsOpen(arg) {
			h, _ := c.cause(arg)
			open = &h
			c.mayReplace(out, arg)
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

// mayReplace turns the values that a partly unknown map can replace into holes.
func (c *call) mayReplace(out map[string]cty.Value, by cty.Value) {
	h, ok := c.cause(by)
	if !ok {
		h = c.callHole()
	}
	for key, v := range out {
		if hole.InString(key) {
			continue
		}
		expression := fmt.Sprintf("lookup(%s, %q, %s)", h.Expression, key, c.write(v))
		bare, _ := v.Unmark()
		out[key] = c.holes.Value(hole.Hole{Reason: h.Reason, Expression: expression}, bare.Type())
	}
}

func keys(c *call) (cty.Value, error) {
	if !c.hasPartialArgument() {
		return c.runMarked()
	}
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() && !bare.Type().IsObjectType() {
		return cty.NilVal, nil
	}
	v, err := c.runMarked()
	if err != nil {
		return cty.NilVal, err
	}
	if !bare.IsKnown() {
		// The keys of an object type are known even if its values are not.
		return hole.UnmarkHoles(v), nil
	}
	if !hole.In(v) {
		return v, nil
	}
	return c.withOpenOrder(v), nil
}

// withOpenOrder opens a list of keys or values whose order depends on unknown keys.
func (c *call) withOpenOrder(v cty.Value) cty.Value {
	bare, _ := v.Unmark()
	if hole.IsOpen(v) || bare.LengthInt() < 2 {
		return v
	}
	h, _ := c.cause(c.args[0])
	return c.holes.Open(v, h)
}

func values(c *call) (cty.Value, error) {
	bare, _ := c.args[0].Unmark()
	if !bare.IsKnown() {
		return cty.NilVal, nil
	}
	v, err := c.runMarked()
	if err != nil || !c.holeKeys(bare) {
		return v, err
	}
	return c.withOpenOrder(v), nil
}

func (l *library) holeKeys(v cty.Value) bool {
	if v.Type().IsObjectType() {
		return holeKeys(v.Type())
	}
	return v.IsKnown() && mapHoleKeys(v)
}

// lookup decides only for keys that the map certainly has or certainly lacks.
func lookup(c *call) (cty.Value, error) {
	if len(c.args) > 3 {
		return cty.NilVal, fmt.Errorf("lookup() takes two or three arguments, got %d", len(c.args))
	}
	bare, marks := c.args[0].Unmark()
	ty := bare.Type()
	if !isKeyed(ty) && ty != cty.DynamicPseudoType {
		return cty.NilVal, function.NewArgErrorf(0, "lookup() requires a map as the first argument")
	}
	key := c.stringArgument(1)
	result := cty.DynamicPseudoType
	if ty.IsMapType() {
		result = ty.ElementType()
	}
	if key == nil || hole.InString(*key) || !bare.IsKnown() && !ty.IsObjectType() {
		return c.unknownOf(result), nil
	}
	_, keyMarks := c.args[1].Unmark()
	if ty.IsObjectType() && ty.HasAttribute(*key) {
		if !bare.IsKnown() {
			h, _ := c.cause(c.args[0])
			return c.holes.Value(hole.Hole{Reason: h.Reason, Expression: h.Expression + "." + *key}, ty.AttributeType(*key)), nil
		}
		return bare.GetAttr(*key).WithMarks(hole.WithoutHoleMarks(marks), keyMarks), nil
	}
	if ty.IsMapType() && bare.HasIndex(cty.StringVal(*key)).RawEquals(cty.True) {
		return bare.Index(cty.StringVal(*key)).WithMarks(hole.WithoutHoleMarks(marks), keyMarks), nil
	}
	if c.holeKeys(bare) || hole.IsOpen(c.args[0]) {
		return c.unknownOf(result), nil
	}
	if len(c.args) == 2 && ty.IsObjectType() {
		return cty.NilVal, function.NewArgErrorf(0, "the given object has no attribute %q", *key)
	}
	if len(c.args) == 2 {
		return cty.NilVal, fmt.Errorf("lookup failed to find key %q", *key)
	}
	v, err := c.convertArgument(c.args[2], result)
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
	v, err := c.runMarked()
	if err != nil || !hole.In(bareKeys) || bareKeys.LengthInt() < 2 {
		return v, err
	}
	h, _ := c.cause(keys)
	return c.holes.Open(v, h), nil
}
