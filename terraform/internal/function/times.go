package function

import (
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineTimes() {
	for _, name := range []string{"timestamp", "plantimestamp"} {
		l.define(name, typedFunction(cty.String, nil), func(c *call) (cty.Value, error) {
			return c.holes.StringValue(hole.Hole{Reason: afterApply, Expression: c.name + "()"}), nil
		})
	}
	l.define("formatdate", stdlib.FormatDateFunc, nil)
	l.define("timeadd", stdlib.TimeAddFunc, nil)
	l.define("timecmp", typedFunction(cty.Number, timecmp, param("timestamp_a", cty.String), param("timestamp_b", cty.String)), nil)
}

func timecmp(args []cty.Value) (cty.Value, error) {
	var times [2]time.Time
	for i, arg := range args {
		// TimeAdd parses the timestamp with the same error messages as Terraform.
		normal, err := stdlib.TimeAdd(arg, cty.StringVal("0s"))
		if err != nil {
			return argError(i, "%s", err)
		}
		if times[i], err = time.Parse(time.RFC3339, arg.AsString()); err != nil {
			if times[i], err = time.Parse(time.RFC3339, normal.AsString()); err != nil {
				return argError(i, "%s", err)
			}
		}
	}
	return cty.NumberIntVal(int64(times[0].Compare(times[1]))), nil
}
