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
	// Inside has the ranges of the values of a JSON text by their RFC 6901 pointers; nil where the text itself stands
	// in a file.
	Inside map[string]Range
	// Of a text that stands in a file line by line, with Indent characters less at the start of each line.
	Lines  *Range
	Indent int
}

// Sources are the sources of texts, by number.
type Sources struct{ all []Source }

// Mark is the mark of a text with a source.
func (s *Sources) Mark(source Source) Text {
	s.all = append(s.all, source)
	return Text{len(s.all) - 1}
}

// Of returns the source of a text: the last one that its marks name.
func (s *Sources) Of(v cty.Value) (Source, bool) {
	number := -1
	for m := range v.Marks() {
		if m, ok := m.(Text); ok && m.Number > number {
			number = m.Number
		}
	}
	if number < 0 {
		return Source{}, false
	}
	return s.all[number], true
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
