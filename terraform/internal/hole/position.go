package hole

import "github.com/zclconf/go-cty/cty"

// Range is a range of bytes of a file.
type Range struct {
	File       string
	Start, End int
}

// At is the mark of an object that is written out in the source: where it stands. An element of a marked object has
// the mark too, so of several the narrowest is the element's own.
type At struct{ Range }

// Text is the mark of a string that is made of something that has positions of its own: a number of `Sources`.
type Text struct{ Number int }

// Source tells where the parts of a text stand.
type Source struct {
	// Inside has the ranges of the values of a JSON text by their RFC 6901 pointers.
	Inside map[string]Range
	// Pieces are what the text is put together of, in order, where it is no JSON text by itself.
	Pieces []Piece
	// Text is the text. One that a function made of it may differ in what is in its lines.
	Text string
}

// Piece is a piece of a text.
type Piece struct {
	// Start and End are where it stands in the text, At where in a file.
	Start, End int
	At         Range
	// Literal: it is written out in the file, save for escapes. Otherwise it is the value of what stands there.
	Literal bool
	// Source is that of a value that has positions of its own.
	Source *Source
}

// Sources are the sources of texts, by number.
type Sources struct {
	// Bytes gives the contents of a file.
	Bytes func(file string) []byte
	all   []*Source
}

// Mark is the mark of a text with a source.
func (s *Sources) Mark(source Source) Text {
	s.all = append(s.all, &source)
	return Text{len(s.all) - 1}
}

// Of returns the source of a text: the last one that its marks name; nil where they name none.
func (s *Sources) Of(v cty.Value) *Source {
	number := -1
	for m := range v.Marks() {
		if m, ok := m.(Text); ok && m.Number > number {
			number = m.Number
		}
	}
	if number < 0 {
		return nil
	}
	return s.all[number]
}

// RangeOf returns where a value is written out: the narrowest of its marks.
func RangeOf(v cty.Value) (Range, bool) {
	var found Range
	ok := false
	for m := range v.Marks() {
		if m, is := m.(At); is && (!ok || m.End-m.Start < found.End-found.Start) {
			found, ok = m.Range, true
		}
	}
	return found, ok
}
