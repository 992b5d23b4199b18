package hole

import (
	"cmp"

	"github.com/zclconf/go-cty/cty"
)

// Range is a range of bytes of a file.
type Range struct {
	File       string
	Start, End int
}

// RangeMark marks an object that is written in the source. Elements of a marked object also carry its mark, so the
// narrowest range of a value is its own.
type RangeMark struct{ Range }

// SourceMark marks a string whose parts have source positions. Number is an index into Sources.
type SourceMark struct{ Number int }

// Source records where the parts of a string are in the source.
type Source struct {
	// Ranges maps RFC 6901 pointers to the ranges of the values of a JSON string.
	Ranges map[string]Range
	// Pieces lists the parts of the string in order. It is used if Ranges is nil.
	Pieces []Piece
	// Text is the original string. Functions can change the contents of its lines later.
	Text string
}

// Piece is one part of a string.
type Piece struct {
	// Start and End are offsets in the string; Range is the source of the piece.
	Start, End int
	Range      Range
	// Literal is true if the file contains the piece itself, apart from escapes. Otherwise the range is an expression
	// whose value is the piece.
	Literal bool
	// Source is set if the value has positions of its own.
	Source *Source
}

// Sources numbers the sources of strings.
type Sources struct {
	// Bytes returns the contents of a file.
	Bytes func(file string) []byte
	all   []*Source
}

// Mark registers a source and returns its mark.
func (s *Sources) Mark(source Source) SourceMark {
	s.all = append(s.all, &source)
	return SourceMark{len(s.all) - 1}
}

// SourceOf returns the last source among the marks of a string, or nil if there is none.
func (s *Sources) SourceOf(v cty.Value) *Source {
	number := -1
	for m := range v.Marks() {
		if m, ok := m.(SourceMark); ok && m.Number > number {
			number = m.Number
		}
	}
	if number < 0 {
		return nil
	}
	return s.all[number]
}

// RangeOf returns the narrowest range among the marks of a value.
func RangeOf(v cty.Value) (Range, bool) {
	var found Range
	ok := false
	for m := range v.Marks() {
		if m, is := m.(RangeMark); is && (!ok || m.Range.before(found)) {
			found, ok = m.Range, true
		}
	}
	return found, ok
}

// before orders ranges by their width. Marks have no order, so ranges of the same width need one of their own.
func (r Range) before(other Range) bool {
	return cmp.Or(cmp.Compare(r.End-r.Start, other.End-other.Start), cmp.Compare(r.File, other.File), cmp.Compare(r.Start, other.Start)) < 0
}
