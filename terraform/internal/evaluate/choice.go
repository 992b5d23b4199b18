package evaluate

import (
	"math/bits"
	"slices"
	"strconv"
)

// chooser takes outcomes of choices, and remembers which ones it was asked for.
type chooser struct {
	forced []int
	// otherwise tells the outcome of what is not forced; nil: the first one.
	otherwise func(Atom) int
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
	} else if c.otherwise != nil {
		choice = c.otherwise(atom)
	}
	c.known[atom.ID] = choice
	c.decisions = append(c.decisions, Decision{atom, choice})
	return choice
}

// Beyond so many outcomes each outcome of each choice is taken at least once, and of yes and no each combination of any
// three choices, instead of each combination of all.
const (
	maxOutcomes = 64
	maxCover    = 128
)

// explore evaluates under every assignment of the choices that the evaluation meets, by replay.
func explore[T any](evaluate func(*chooser) T) []T {
	var results []T
	var forced []int
	for len(results) < maxOutcomes {
		c := newChooser(forced)
		results = append(results, evaluate(c))
		if forced = next(c.decisions); forced == nil {
			return results
		}
	}
	return cover(evaluate)
}

// next is the assignment after one; nil after the last.
func next(decisions []Decision) []int {
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

// cover takes each outcome of each choice that it meets once while the others are the first, and mixes them then.
func cover[T any](evaluate func(*chooser) T) []T {
	var results []T
	covered := map[string]bool{}
	numbers := map[string]int{}
	waiting := [][]int{nil}
	for len(waiting) > 0 && len(results) < maxCover-mixtures {
		c := newChooser(waiting[0])
		waiting = waiting[1:]
		results = append(results, evaluate(c))
		var before []int
		for _, d := range c.decisions {
			number(numbers, d.Atom)
			covered[outcomeOf(d.Atom, d.Choice)] = true
			for i := range d.Atom.choices() {
				if name := outcomeOf(d.Atom, i); !covered[name] {
					covered[name] = true
					waiting = append(waiting, append(slices.Clone(before), i))
				}
			}
			before = append(before, d.Choice)
		}
	}
	for round := range mixtures {
		c := newChooser(nil)
		c.otherwise = func(atom Atom) int { return mixed(round, number(numbers, atom), atom.choices()) }
		results = append(results, evaluate(c))
	}
	return results
}

// mixtures are as many rounds as it takes for every combination of any three of 32 choices between two outcomes.
const mixtures = 64

// mixed is the outcome of a choice in a round: the parity of some bits of the round. Which bits are those of 32 and the
// choice's number, so that no three choices hang on each other.
func mixed(round, number, choices int) int {
	if choices == 2 {
		return bits.OnesCount(uint(round&(mixtures/2|number%(mixtures/2)))) % 2
	}
	return (round*(2*number+1) + number) % choices
}

// number is that of a choice, in the order in which they are met.
func number(numbers map[string]int, atom Atom) int {
	if _, ok := numbers[atom.ID]; !ok {
		numbers[atom.ID] = len(numbers)
	}
	return numbers[atom.ID]
}

func outcomeOf(atom Atom, choice int) string { return atom.ID + "=" + strconv.Itoa(choice) }
