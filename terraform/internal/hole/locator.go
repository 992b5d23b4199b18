package hole

import (
	"bytes"
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Locator maps parts of a string to ranges of source files.
type Locator struct {
	source *Source
	bytes  func(file string) []byte
	// lineMap is set if a function changed the string after it was read from the source.
	lineMap *lineMap
	// offsets holds, per literal piece, the file offset of each byte.
	offsets map[int][]int
	inner   map[int]*Locator
	// values is set for a JSON string whose values have ranges. Outer values come before the values inside them.
	values []valueRange
}

// Locator returns a locator for a string that was made from source.
func (s *Sources) Locator(source *Source, text string) *Locator {
	p := newLocator(source, s.Bytes)
	if text != source.Text {
		p.lineMap = newLineMap(text, source.Text)
	}
	return p
}

func newLocator(source *Source, bytes func(string) []byte) *Locator {
	p := &Locator{source: source, bytes: bytes, offsets: map[int][]int{}, inner: map[int]*Locator{}}
	if source.Ranges != nil {
		spans, _ := SpansOf(source.Text)
		for pointer, at := range source.Ranges {
			if span, ok := spans[pointer]; ok {
				p.values = append(p.values, valueRange{span[0], span[1], at})
			}
		}
		sort.Slice(p.values, func(i, j int) bool {
			a, b := p.values[i], p.values[j]
			return a.start < b.start || a.start == b.start && a.end > b.end
		})
	}
	return p
}

// Range returns the source range of the bytes from start to end.
func (p *Locator) Range(start, end int) (Range, bool) {
	if p.lineMap != nil {
		start, end = p.lineMap.offset(start), p.lineMap.offset(end)
	}
	if start >= end {
		return Range{}, false
	}
	if p.source.Ranges != nil {
		return p.narrowestValue(start, end)
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
			p.inner[first] = newLocator(piece.Source, p.bytes)
		}
		if found, ok := p.inner[first].Range(start-piece.Start, end-piece.Start); ok {
			return found, true
		}
	}
	from, to := p.fileOffset(first, start), p.fileOffset(last, end)
	if pieces[first].Literal && pieces[last].Literal {
		return Range{pieces[first].Range.File, from, to}, from < to && pieces[first].Range.File == pieces[last].Range.File
	}
	if !pieces[first].Literal {
		from = pieces[first].Range.Start
	}
	if !pieces[last].Literal {
		to = pieces[last].Range.End
	}
	return Range{pieces[first].Range.File, from, to}, from < to && pieces[first].Range.File == pieces[last].Range.File
}

// valueRange is the source range of a value between two offsets of a JSON string.
type valueRange struct {
	start, end int
	at         Range
}

// narrowestValue returns the range of the smallest JSON value that encloses the bytes from start to end.
func (p *Locator) narrowestValue(start, end int) (Range, bool) {
	last := sort.Search(len(p.values), func(i int) bool { return p.values[i].start > start })
	for i := last - 1; i >= 0; i-- {
		// The values nest, so the first one that encloses the bytes is the smallest.
		if p.values[i].end >= end {
			return p.values[i].at, true
		}
	}
	return Range{}, false
}

// fileOffset returns the file offset of an offset of the string. The offset must be in, or at the end of, a literal
// piece.
func (p *Locator) fileOffset(number, offset int) int {
	piece := p.source.Pieces[number]
	if !piece.Literal {
		return 0
	}
	offsets, ok := p.offsets[number]
	if !ok {
		offsets = align(p.source.Text[piece.Start:piece.End], p.bytes(piece.Range.File), piece.Range)
		p.offsets[number] = offsets
	}
	if offsets == nil {
		return piece.Range.Start + offset - piece.Start
	}
	return offsets[offset-piece.Start]
}

// align returns the file offset of each byte of text and of its end. It returns nil if the file contains text without
// escapes.
func align(text string, file []byte, at Range) []int {
	if at.Start < 0 || at.End > len(file) || at.Start > at.End {
		return nil
	}
	written := file[at.Start:at.End]
	if string(written) == text {
		return nil
	}
	offsets := make([]int, 0, len(text)+1)
	consumed := 0
	for read := 0; read < len(text); {
		length, size := unescaped(text[read:], written[consumed:])
		if length == 0 {
			// Strip markers such as ~} removed these bytes.
			if consumed < len(written) {
				consumed++
				continue
			}
			length, size = 1, 0
		}
		for range length {
			offsets = append(offsets, at.Start+consumed)
		}
		read += length
		consumed += size
	}
	return append(offsets, at.Start+consumed)
}

// unescaped returns how many bytes of text the start of written represents, and how many bytes of written they
// occupy. It returns zeros if the two differ.
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

// escaped decodes an escape sequence of HCL or JSON.
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
		// JSON escapes characters above U+FFFF as a surrogate pair.
		if json.Unmarshal([]byte(`"`+string(written[:size+6])+`"`), &char) == nil && utf8.RuneCountInString(char) == 1 {
			return char, size + 6
		}
	}
	return string(rune(code)), size
}

// lineMap maps offsets in a changed string to offsets in the original, line by line.
type lineMap struct {
	text, original       string
	lines, originalLines [][2]int
}

func newLineMap(text, under string) *lineMap {
	return &lineMap{text, under, linesOf(text), linesOf(under)}
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

func (o *lineMap) offset(at int) int {
	number := sort.Search(len(o.lines), func(i int) bool { return o.lines[i][1] >= at })
	if number >= len(o.lines) || number >= len(o.originalLines) {
		return len(o.original)
	}
	line, under := o.lines[number], o.originalLines[number]
	indent := indentOf(o.original[under[0]:under[1]]) - indentOf(o.text[line[0]:line[1]])
	return min(under[1], under[0]+max(0, at-line[0]+indent))
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
