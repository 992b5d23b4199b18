package hole

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func TestTheRangeOfAValueDoesNotDependOnTheOrderOfItsMarks(t *testing.T) {
	first, second := Range{File: "main.tf", Start: 46, End: 48}, Range{File: "main.tf", Start: 49, End: 51}
	value := cty.ListValEmpty(cty.String).WithMarks(cty.NewValueMarks(RangeMark{second}, RangeMark{first}))
	for range 100 {
		if found, _ := RangeOf(value); found != first {
			t.Fatalf("the range is %v", found)
		}
	}
}
