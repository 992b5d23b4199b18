// Package budget limits the work of one evaluation. It counts steps, bytes and instances instead of time, so that an
// evaluation ends at the same point on every machine.
//
// The code that exceeds a limit panics with *Exceeded. The evaluation of the enclosing expression recovers from it and
// continues with an unknown value. Libraries between the two can recover from panics, too. The budget therefore keeps
// the excess until Recover receives it.
package budget

// Limits are the limits of an evaluation. A root module shares one budget, whatever the number of its outcomes.
type Limits struct {
	// Steps limits a root module, ExpressionSteps one expression without the expressions that it refers to.
	Steps, ExpressionSteps int
	// Bytes and ExpressionBytes limit the total length of the strings that the evaluation creates.
	Bytes, ExpressionBytes int
	// Parts limits the parts of one value. A part that occurs twice counts twice.
	Parts int
	// Text limits the bytes of one string.
	Text int
	// References limits how deep references to named values nest, Templates how deep templates call each other, and
	// Modules how deep modules nest.
	References, Templates, Modules int
	// BlockInstances limits the instances of one block in one module instance, Instances those of a root module.
	BlockInstances, Instances int
}

// Default returns the limits of Keywarden. docs/inputs.md lists them.
func Default() Limits {
	return Limits{
		Steps: 8_000_000, ExpressionSteps: 1_500_000,
		Bytes: 256 << 20, ExpressionBytes: 64 << 20,
		Parts: 50_000, Text: 10 << 20,
		References: 1000, Templates: 50, Modules: 50,
		BlockInstances: 1000, Instances: 10_000,
	}
}

// Use is what an evaluation has consumed.
type Use struct{ Steps, Bytes, Instances int }

// Budget counts the work of a root module.
type Budget struct {
	Limits
	total, expression Use
	templates         int
	// finite is true if infinite numbers are outside the supported range.
	finite bool
	// granted holds the number of instances to evaluate by the address of their block.
	granted   map[string]int
	reported  map[any]bool
	pending   *Exceeded
	exhausted *Exceeded
}

// New returns an unused budget.
func New(limits Limits) *Budget {
	return &Budget{Limits: limits, granted: map[string]int{}, reported: map[any]bool{}}
}

// Used returns what the evaluation has consumed.
func (b *Budget) Used() Use { return b.total }

// Exhausted reports whether the budget of the root module is used up. Every further expression then fails.
func (b *Budget) Exhausted() bool { return b.exhausted != nil }

// Costs in steps. An expression allocates, converts and marks values, which takes about ten times as long as visiting
// one part of a value.
const (
	expressionCost = 10
	// operationsPerStep is the number of elementary operations, such as comparing a byte, that take as long as a step.
	operationsPerStep = 50
)

// Step charges the evaluation of one expression, function call or iteration.
func (b *Budget) Step() { b.spend(expressionCost) }

// Steps charges n such evaluations.
func (b *Budget) Steps(n int) { b.spend(product(n, expressionCost)) }

// Work charges a number of elementary operations.
func (b *Budget) Work(operations int) { b.spend(operations / operationsPerStep) }

// WorkOf charges a × b elementary operations, even if the product overflows.
func (b *Budget) WorkOf(first, second int) { b.Work(product(first, second)) }

// product returns a × b, or the highest integer of 32 bits if that is less. Both are not negative.
func product(a, b int) int {
	const highest = 1<<31 - 1
	if a > 0 && b > highest/a {
		return highest
	}
	return a * b
}

func (b *Budget) spend(steps int) {
	b.total.Steps = min(b.total.Steps+steps, 1<<62)
	b.expression.Steps = min(b.expression.Steps+steps, 1<<62)
	switch {
	case b.total.Steps > b.Limits.Steps:
		b.exhaust("the evaluation of this root module takes more than " + digits(b.Limits.Steps) + " steps")
	case b.expression.Steps > b.ExpressionSteps:
		b.Fail("the evaluation takes more than " + digits(b.ExpressionSteps) + " steps")
	}
}

// Bytes charges the length of a string that the evaluation creates.
func (b *Budget) Bytes(size int) {
	if size > b.Text {
		b.FailLength()
	}
	b.output(size)
}

func (b *Budget) output(size int) {
	b.total.Bytes += size
	b.expression.Bytes += size
	switch {
	case b.total.Bytes > b.Limits.Bytes:
		b.exhaust("the strings of this root module are longer than " + digits(b.Limits.Bytes) + " bytes in total")
	case b.expression.Bytes > b.ExpressionBytes:
		b.Fail("the strings of the expression are longer than " + digits(b.ExpressionBytes) + " bytes in total")
	}
}

// Instances returns how many instances of the block at an address to evaluate, and charges them once.
func (b *Budget) Instances(address string, wanted int) int {
	before := b.granted[address]
	more := max(0, min(min(wanted, b.BlockInstances)-before, b.Limits.Instances-b.total.Instances))
	b.total.Instances += more
	b.granted[address] = before + more
	return min(wanted, before+more)
}

// IsReported reports whether it was called with the same subject before.
func (b *Budget) IsReported(subject any) bool {
	before := b.reported[subject]
	b.reported[subject] = true
	return before
}

// EnterTemplate counts a template until the caller calls the function that it returns. It fails if templates call each
// other too deep.
func (b *Budget) EnterTemplate() (leave func()) {
	if b.templates >= b.Templates {
		b.Fail("templates call each other more than " + digits(b.Templates) + " levels deep")
	}
	b.templates++
	return func() { b.templates-- }
}

// Begin starts the budget of an expression. End restores the budget of the enclosing expression, which Begin returns.
func (b *Budget) Begin() (enclosing Use) {
	enclosing, b.expression = b.expression, Use{}
	return enclosing
}

// End ends the budget of an expression.
func (b *Budget) End(enclosing Use) { b.expression = enclosing }
