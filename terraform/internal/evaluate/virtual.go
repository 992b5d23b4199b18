package evaluate

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// A template that stands in a text, such as a string of the JSON syntax, has a file of its own: one that the disk does
// not have, so that its positions are those in the text.
type virtualFile struct {
	text   []byte
	placer *hole.Placer
}

// virtual registers a text as a file, and gives its name.
func (l *loader) virtual(name string, text []byte, source *hole.Source) string {
	file := virtualFile{text: text}
	if source != nil {
		file.placer = l.placer(source, string(text))
	}
	l.virtuals[name] = file
	return name
}

func (l *loader) placer(source *hole.Source, text string) *hole.Placer {
	return (&hole.Sources{Bytes: l.bytes}).Placer(source, text)
}

// bytes are the contents of a file that has been read, also of one that is virtual.
func (l *loader) bytes(file string) []byte {
	if src, ok := l.sources[file]; ok {
		return src
	}
	if known, ok := l.virtuals[file]; ok {
		return known.text
	}
	outer, start, end, ok := stringOf(file)
	if !ok {
		return nil
	}
	src := l.sources[outer]
	if end > len(src) || end-start < 2 {
		return nil
	}
	var text string
	if json.Unmarshal(src[start:end], &text) != nil {
		return nil
	}
	at := hole.Range{File: outer, Start: start + 1, End: end - 1}
	l.virtual(file, []byte(text), &hole.Source{Text: text,
		Pieces: []hole.Piece{{Start: 0, End: len(text), At: at, Literal: true}}})
	return []byte(text)
}

// real is a range in a file of the disk.
func (l *loader) real(at hole.Range) (hole.Range, bool) {
	for range maxVirtual {
		if _, ok := l.sources[at.File]; ok {
			return at, true
		}
		l.bytes(at.File)
		file, ok := l.virtuals[at.File]
		if !ok || file.placer == nil {
			return at, false
		}
		if at, ok = file.placer.Range(at.Start, at.End); !ok {
			return at, false
		}
	}
	return at, false
}

const maxVirtual = 8

// fileOfString names the text of a string in a file of the JSON syntax.
func fileOfString(rng hcl.Range) string {
	return rng.Filename + "\x00" + strconv.Itoa(rng.Start.Byte) + "\x00" + strconv.Itoa(rng.End.Byte)
}

func stringOf(name string) (file string, start, end int, ok bool) {
	parts := strings.Split(name, "\x00")
	if len(parts) != 3 {
		return "", 0, 0, false
	}
	start, err := strconv.Atoi(parts[1])
	if err != nil {
		return "", 0, 0, false
	}
	end, err = strconv.Atoi(parts[2])
	return parts[0], start, end, err == nil
}
