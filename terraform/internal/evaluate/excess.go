package evaluate

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
	"github.com/zclconf/go-cty/cty"

	"github.com/keywarden/keywarden/terraform/internal/budget"
)

const reportBug = "Report this as a bug, with a minimal input that reproduces it."

// withinBudget evaluates an expression with a budget of its own. If the evaluation exceeds a limit, withinBudget reports
// that and returns a hole, so that everything else is still evaluated.
func (r *run) withinBudget(rng hcl.Range, evaluate func() cty.Value) (value cty.Value) {
	enclosing := r.budget.Begin()
	defer func() {
		excess := r.budget.Recover(recover())
		r.budget.End(enclosing)
		if excess != nil {
			r.reportExcess(excess, rng)
			value = r.holes.Value(hole.Hole{Reason: excess.Reason, Expression: r.snippet(rng)}, cty.DynamicPseudoType)
		}
	}()
	return evaluate()
}

// reportExcess reports the first expression that exceeds a limit of the root module, and each expression that exceeds
// another limit.
func (r *run) reportExcess(excess *budget.Exceeded, rng hcl.Range) {
	if excess.Again {
		return
	}
	at := r.onDisk(rng)
	r.warnings = append(r.warnings, Problem{File: at.Filename, Line: at.Start.Line, Column: at.Start.Column,
		Message: strings.ToUpper(excess.Reason[:1]) + excess.Reason[1:] + ". Keywarden did not evaluate " + r.subject(rng) + ".",
		Remedy:  excess.Remedy})
}

// subject names the expression of a problem.
func (r *run) subject(rng hcl.Range) string {
	if text := r.snippet(rng); text != "" {
		return "`" + text + "`"
	}
	return "the expression"
}

// onDisk returns a range of a file on disk, also for a range in a template that comes from a string.
func (r *run) onDisk(rng hcl.Range) hcl.Range {
	at, ok := r.loader.onDisk(rangeOf(rng))
	if src := r.loader.sources[at.File]; ok && at.Start <= len(src) && at.File != rng.Filename {
		return rangeAt(at.File, src, at.Start)
	}
	rng.Filename, _, _ = strings.Cut(rng.Filename, "\x00")
	return rng
}

// detailOf returns the detail of a diagnostic. An operator whose implementation panics, such as the difference of two
// infinite numbers, returns a stack trace.
func detailOf(diag *hcl.Diagnostic) string {
	if strings.Contains(diag.Detail, "panic in function implementation") {
		return "The operation fails for these operands"
	}
	return diag.Detail
}
