package evaluate

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// virtualFile holds a template that comes from a string value, for example a string in JSON syntax. It has its own
// file name, so that positions count from the start of the template.
type virtualFile struct {
	text    []byte
	locator *hole.Locator
}

// addVirtual registers a virtual file and returns its name.
func (l *loader) addVirtual(name string, text []byte, source *hole.Source) string {
	file := virtualFile{text: text}
	if source != nil {
		file.locator = l.locator(source, string(text))
	}
	l.virtuals[name] = file
	return name
}

func (l *loader) locator(source *hole.Source, text string) *hole.Locator {
	return (&hole.Sources{Bytes: l.bytes}).Locator(source, text)
}

// bytes returns the contents of a file that has been read, or of a virtual file.
func (l *loader) bytes(file string) []byte {
	if src, ok := l.sources[file]; ok {
		return src
	}
	if known, ok := l.virtuals[file]; ok {
		return known.text
	}
	outer, start, end, ok := parseStringFile(file)
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
	l.addVirtual(file, []byte(text), &hole.Source{Text: text,
		Pieces: []hole.Piece{{Start: 0, End: len(text), Range: at, Literal: true}}})
	return []byte(text)
}

// onDisk maps a range to the file on disk that contains it.
func (l *loader) onDisk(at hole.Range) (hole.Range, bool) {
	for range maxVirtual {
		if _, ok := l.sources[at.File]; ok {
			return at, true
		}
		l.bytes(at.File)
		file, ok := l.virtuals[at.File]
		if !ok || file.locator == nil {
			return at, false
		}
		if at, ok = file.locator.Range(at.Start, at.End); !ok {
			return at, false
		}
	}
	return at, false
}

const maxVirtual = 8

// stringFile returns the virtual file name for a string in JSON syntax.
func stringFile(rng hcl.Range) string {
	return rng.Filename + "\x00" + strconv.Itoa(rng.Start.Byte) + "\x00" + strconv.Itoa(rng.End.Byte)
}

func parseStringFile(name string) (file string, start, end int, ok bool) {
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
