package hole

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Placer finds where parts of a text stand.
type Placer struct {
	source *Source
	bytes  func(file string) []byte
	// over lays the text over that of the source, where a function changed it.
	over *overlay
	// aligned are the offsets in the file of the bytes of literal pieces.
	aligned map[int][]int
	inner   map[int]*Placer
	// spans are those of a JSON text whose values have ranges.
	spans Spans
}

// Placer finds parts of a text with a source.
func (s *Sources) Placer(source *Source, text string) *Placer {
	p := newPlacer(source, s.Bytes)
	if text != source.Text {
		p.over = newOverlay(text, source.Text)
	}
	return p
}

func newPlacer(source *Source, bytes func(string) []byte) *Placer {
	p := &Placer{source: source, bytes: bytes, aligned: map[int][]int{}, inner: map[int]*Placer{}}
	if source.Inside != nil {
		p.spans, _ = SpansOf(source.Text)
	}
	return p
}

// Range is where the part from start to end stands.
func (p *Placer) Range(start, end int) (Range, bool) {
	if p.over != nil {
		start, end = p.over.offset(start), p.over.offset(end)
	}
	if start >= end {
		return Range{}, false
	}
	if p.source.Inside != nil {
		return p.inside(start, end)
	}
	pieces := p.source.Pieces
	first := sort.Search(len(pieces), func(i int) bool { return pieces[i].End > start })
	last := sort.Search(len(pieces), func(i int) bool { return pieces[i].End >= end })
	if last >= len(pieces) || first > last || pieces[first].Start > start {
		return Range{}, false
	}
	if first == last && pieces[first].Source != nil {
		piece := pieces[first]
		if p.inner[first] == nil {
			p.inner[first] = newPlacer(piece.Source, p.bytes)
		}
		if found, ok := p.inner[first].Range(start-piece.Start, end-piece.Start); ok {
			return found, true
		}
	}
	from, to := p.literal(first, start), p.literal(last, end)
	if pieces[first].Literal && pieces[last].Literal {
		return Range{pieces[first].At.File, from, to}, from < to && pieces[first].At.File == pieces[last].At.File
	}
	if !pieces[first].Literal {
		from = pieces[first].At.Start
	}
	if !pieces[last].Literal {
		to = pieces[last].At.End
	}
	return Range{pieces[first].At.File, from, to}, from < to && pieces[first].At.File == pieces[last].At.File
}

// inside is the range of the narrowest value of a JSON text around a part of it.
func (p *Placer) inside(start, end int) (Range, bool) {
	var found Range
	size := -1
	for pointer, at := range p.source.Inside {
		span, ok := p.spans[pointer]
		if ok && span[0] <= start && end <= span[1] && (size < 0 || span[1]-span[0] < size) {
			found, size = at, span[1]-span[0]
		}
	}
	return found, size >= 0
}

// literal is the offset in the file of an offset of the text, in or at the end of a literal piece.
func (p *Placer) literal(number, offset int) int {
	piece := p.source.Pieces[number]
	if !piece.Literal {
		return 0
	}
	offsets, ok := p.aligned[number]
	if !ok {
		offsets = align(p.source.Text[piece.Start:piece.End], p.bytes(piece.At.File), piece.At)
		p.aligned[number] = offsets
	}
	if offsets == nil {
		return piece.At.Start + offset - piece.Start
	}
	return offsets[offset-piece.Start]
}

// align finds the bytes of a text, and its end, where it is written in a file with escapes; nil where it has none.
func align(text string, file []byte, at Range) []int {
	if at.Start < 0 || at.End > len(file) || at.Start > at.End {
		return nil
	}
	written := file[at.Start:at.End]
	if string(written) == text {
		return nil
	}
	offsets := make([]int, 0, len(text)+1)
	here := 0
	for at0 := 0; at0 < len(text); {
		length, size := unescaped(text[at0:], written[here:])
		if length == 0 {
			// What strip markers took away.
			if here < len(written) {
				here++
				continue
			}
			length, size = 1, 0
		}
		for range length {
			offsets = append(offsets, at.Start+here)
		}
		at0 += length
		here += size
	}
	return append(offsets, at.Start+here)
}

// unescaped tells how many bytes of a text stand at the start of a file as how many bytes; 0: they differ.
func unescaped(text string, written []byte) (length, size int) {
	for _, double := range []string{"${", "%{"} {
		if strings.HasPrefix(text, double) && bytes.HasPrefix(written, []byte(double[:1]+double)) {
			return 2, 3
		}
	}
	if len(written) > 1 && written[0] == '\\' {
		if char, size := escaped(written); size > 0 && strings.HasPrefix(text, char) {
			return len(char), size
		}
	}
	if len(written) > 0 && len(text) > 0 && written[0] == text[0] {
		return 1, 1
	}
	return 0, 0
}

var singles = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", '"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f"}

// escaped is the character of an escape sequence of HCL or JSON.
func escaped(written []byte) (char string, size int) {
	if single, ok := singles[written[1]]; ok {
		return single, 2
	}
	digits := map[byte]int{'u': 4, 'U': 8}[written[1]]
	if digits == 0 || len(written) < 2+digits {
		return "", 0
	}
	code, err := strconv.ParseUint(string(written[2:2+digits]), 16, 32)
	if err != nil {
		return "", 0
	}
	size = 2 + digits
	if code >= 0xd800 && code < 0xdc00 && len(written) >= size+6 {
		// JSON writes characters beyond the first 65536 as two.
		if json.Unmarshal([]byte(`"`+string(written[:size+6])+`"`), &char) == nil && utf8.RuneCountInString(char) == 1 {
			return char, size + 6
		}
	}
	return string(rune(code)), size
}

// overlay lays a text over the lines of the one that it was made of.
type overlay struct {
	text, under   string
	lines, unders [][2]int
}

func newOverlay(text, under string) *overlay {
	return &overlay{text, under, linesOf(text), linesOf(under)}
}

func linesOf(text string) [][2]int {
	var out [][2]int
	for start := 0; ; {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			return append(out, [2]int{start, len(text)})
		}
		out = append(out, [2]int{start, start + end})
		start += end + 1
	}
}

func (o *overlay) offset(at int) int {
	number := sort.Search(len(o.lines), func(i int) bool { return o.lines[i][1] >= at })
	if number >= len(o.lines) || number >= len(o.unders) {
		return len(o.under)
	}
	line, under := o.lines[number], o.unders[number]
	indent := indentOf(o.under[under[0]:under[1]]) - indentOf(o.text[line[0]:line[1]])
	return min(under[1], under[0]+max(0, at-line[0]+indent))
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
