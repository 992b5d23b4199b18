package budget

import "strconv"

// Exceeded is the panic value of an evaluation that exceeds a limit.
type Exceeded struct {
	// Reason is a clause that names the limit, such as "a value has more than 50,000 parts".
	Reason string
	// Remedy is a sentence.
	Remedy string
	// Again is true if the evaluation ended only because the budget of the root module was exhausted before.
	Again bool
}

func (e *Exceeded) Error() string { return e.Reason }

const (
	reduce      = "Reduce the size of the value, or check the plan instead of the source."
	splitModule = "Split the root module, or check the plan instead of the source."
)

// Fail ends the evaluation of the current expression. The reason names the limit.
func (b *Budget) Fail(reason string) { b.fail(&Exceeded{Reason: reason, Remedy: reduce}) }

// FailLength ends the evaluation because a string is too long.
func (b *Budget) FailLength() { b.Fail("a string is longer than " + digits(b.Text) + " bytes") }

// FailParts ends the evaluation because a value has too many parts.
func (b *Budget) FailParts() { b.Fail("a value has more than " + digits(b.Parts) + " parts") }

// FailDepth ends the evaluation because references nest too deep.
func (b *Budget) FailDepth() {
	b.fail(&Exceeded{Reason: "references are nested more than " + digits(b.References) + " levels deep",
		Remedy: "Shorten the chain of references."})
}

func (b *Budget) fail(e *Exceeded) {
	if b.pending == nil {
		b.pending = e
	}
	panic(b.pending)
}

func (b *Budget) exhaust(reason string) {
	if b.exhausted == nil {
		b.exhausted = &Exceeded{Reason: reason, Remedy: splitModule}
		b.fail(b.exhausted)
	}
	again := *b.exhausted
	again.Again = true
	b.fail(&again)
}

// Check panics if a limit was exceeded and a library recovered from it.
func (b *Budget) Check() {
	if b.pending != nil {
		panic(b.pending)
	}
}

// Recover returns the excess of the expression that ends, if there is one. The reason is the result of recover(). A
// panic with another cause continues.
func (b *Budget) Recover(reason any) *Exceeded {
	excess := b.pending
	b.pending = nil
	if _, ok := reason.(*Exceeded); reason != nil && !ok {
		panic(reason)
	}
	return excess
}

// digits formats an integer with a comma before each group of three digits.
func digits(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
