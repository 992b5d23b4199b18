package evaluate

import (
	"math/bits"
	"slices"
	"strconv"
)

// chooser determines the outcome of each choice and records the decisions.
type chooser struct {
	forced []int
	// fallback determines the outcomes that are not forced. If it is nil, the first outcome is taken.
	fallback  func(Atom) int
	decisions []Decision
	known     map[string]int
}

func newChooser(forced []int) *chooser { return &chooser{forced: forced, known: map[string]int{}} }

func (c *chooser) choose(atom Atom) int {
	if choice, ok := c.known[atom.ID]; ok {
		return choice
	}
	choice := 0
	if position := len(c.decisions); position < len(c.forced) {
		choice = c.forced[position]
	} else if c.fallback != nil {
		choice = c.fallback(atom)
	}
	c.known[atom.ID] = choice
	c.decisions = append(c.decisions, Decision{atom, choice})
	return choice
}

// explore tries all combinations up to maxOutcomes. Beyond that, it tries each outcome of each choice at least once,
// and all combinations of any three choices with two outcomes.
const (
	maxOutcomes = 64
	maxCover    = 128
)

// explore calls evaluate for every assignment of the choices that the evaluation meets, by replay. If the budget is
// exhausted, the last result has no known values and represents the assignments that explore did not try.
func explore[T any](evaluate func(*chooser) T, exhausted func() bool) []T {
	var results []T
	var forced []int
	for len(results) < maxOutcomes {
		c := newChooser(forced)
		results = append(results, evaluate(c))
		if exhausted() {
			return append(results, evaluate(newChooser(nil)))
		}
		if forced = nextAssignment(c.decisions); forced == nil {
			return results
		}
	}
	return cover(evaluate, exhausted)
}

// nextAssignment returns the assignment after the given decisions, or nil after the last.
func nextAssignment(decisions []Decision) []int {
	for i := len(decisions) - 1; i >= 0; i-- {
		if d := decisions[i]; d.Choice+1 < d.Atom.choices() {
			forced := make([]int, 0, i+1)
			for _, before := range decisions[:i] {
				forced = append(forced, before.Choice)
			}
			return append(forced, d.Choice+1)
		}
	}
	return nil
}

// cover tries each outcome of each choice once with the first outcomes of the others, then mixes the outcomes.
func cover[T any](evaluate func(*chooser) T, exhausted func() bool) []T {
	var results []T
	covered := map[string]bool{}
	numbers := map[string]int{}
	queue := [][]int{nil}
	for len(queue) > 0 && len(results) < maxCover-coveringRounds {
		c := newChooser(queue[0])
		queue = queue[1:]
		results = append(results, evaluate(c))
		if exhausted() {
			return append(results, evaluate(newChooser(nil)))
		}
		var before []int
		for _, d := range c.decisions {
			choiceNumber(numbers, d.Atom)
			covered[outcomeOf(d.Atom, d.Choice)] = true
			for i := range d.Atom.choices() {
				if name := outcomeOf(d.Atom, i); !covered[name] {
					covered[name] = true
					queue = append(queue, append(slices.Clone(before), i))
				}
			}
			before = append(before, d.Choice)
		}
	}
	for round := range coveringRounds {
		c := newChooser(nil)
		c.fallback = func(atom Atom) int { return roundChoice(round, choiceNumber(numbers, atom), atom.choices()) }
		results = append(results, evaluate(c))
		if exhausted() {
			return append(results, evaluate(newChooser(nil)))
		}
	}
	return results
}

// coveringRounds is the number of rounds that cover all combinations of any three of 32 choices with two outcomes.
const coveringRounds = 64

// roundChoice returns the outcome of a choice in a round: the parity of some bits of the round. Bit 32 and the bits
// of the choice's number select them, so that any three choices are independent.
func roundChoice(round, number, choices int) int {
	if choices == 2 {
		return bits.OnesCount(uint(round&(coveringRounds/2|number%(coveringRounds/2)))) % 2
	}
	return (round*(2*number+1) + number) % choices
}

// choiceNumber numbers choices in the order in which the evaluation meets them.
func choiceNumber(numbers map[string]int, atom Atom) int {
	if _, ok := numbers[atom.ID]; !ok {
		numbers[atom.ID] = len(numbers)
	}
	return numbers[atom.ID]
}

func outcomeOf(atom Atom, choice int) string { return atom.ID + "=" + strconv.Itoa(choice) }
