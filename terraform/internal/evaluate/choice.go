package evaluate

import (
	"slices"
	"strconv"
)

// chooser takes outcomes of choices, and remembers which ones it was asked for.
type chooser struct {
	forced    []int
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
	}
	c.known[atom.ID] = choice
	c.decisions = append(c.decisions, Decision{atom, choice})
	return choice
}

// Beyond so many outcomes each choice is taken at least once instead of each combination.
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

// cover takes each outcome of each choice that it meets once.
func cover[T any](evaluate func(*chooser) T) []T {
	var results []T
	covered := map[string]bool{}
	waiting := [][]int{nil}
	for len(waiting) > 0 && len(results) < maxCover {
		c := newChooser(waiting[0])
		waiting = waiting[1:]
		results = append(results, evaluate(c))
		var before []int
		for _, d := range c.decisions {
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
	return results
}

func outcomeOf(atom Atom, choice int) string { return atom.ID + "=" + strconv.Itoa(choice) }
