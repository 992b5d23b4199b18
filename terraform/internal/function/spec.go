package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

func param(name string, ty cty.Type) function.Parameter {
	return function.Parameter{Name: name, Type: ty}
}

func nullable(name string, ty cty.Type) function.Parameter {
	return function.Parameter{Name: name, Type: ty, AllowNull: true, AllowUnknown: true, AllowDynamicType: true}
}

// fixed is a function whose result has one type.
func fixed(result cty.Type, impl func(args []cty.Value) (cty.Value, error), params ...function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(result),
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

// onText is a function from text to text.
func onText(name string, f func(string) (string, error)) function.Function {
	return fixed(cty.String, func(args []cty.Value) (cty.Value, error) {
		out, err := f(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(out), nil
	}, param(name, cty.String))
}

// shape is a function that has rules only.
func shape(params []function.Parameter, rest *function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params:   params,
		VarParam: rest,
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
	})
}
