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

// typedFunction returns a function with a fixed result type.
func typedFunction(result cty.Type, impl func(args []cty.Value) (cty.Value, error), params ...function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params: params,
		Type:   function.StaticReturnType(result),
		Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return impl(args) },
	})
}

// stringFunction returns a function from string to string.
func stringFunction(name string, f func(string) (string, error)) function.Function {
	return typedFunction(cty.String, func(args []cty.Value) (cty.Value, error) {
		out, err := f(args[0].AsString())
		if err != nil {
			return cty.NilVal, err
		}
		return cty.StringVal(out), nil
	}, param(name, cty.String))
}

// signature returns a function without an implementation, which a rule supplies.
func signature(params []function.Parameter, rest *function.Parameter) function.Function {
	return function.New(&function.Spec{
		Params:   params,
		VarParam: rest,
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
	})
}
