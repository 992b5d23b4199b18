// Package function has Terraform's functions for values with holes.
//
// A function never returns a wrong known value for an argument that is not wholly known: it either keeps what is certain
// around the hole, or returns a hole of its own whose expression describes the call.
package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// Files reads what functions read. Paths are as given to the function, relative to the directory of the root module.
type Files interface {
	// Read returns the bytes of a file, or ErrMissing, ErrRefused, ErrLarge.
	Read(path string) ([]byte, error)
	// Path is the path of a file from where the caller sees it, for positions.
	Path(path string) string
	// List returns the entries of a directory, or the same errors.
	List(directory string) ([]Entry, error)
}

// Entry is an entry of a directory.
type Entry struct {
	Name      string
	Directory bool
}

// Template evaluates a template for templatefile (with the path of its file) and templatestring (without one).
type Template func(path string, source []byte, variables cty.Value) (cty.Value, error)

// Sensitive is the mark of a value that is not to be shown.
type Sensitive struct{}

// library is what functions work with.
type library struct {
	holes    *hole.Table
	sources  *hole.Sources
	files    Files
	template Template
	table    map[string]function.Function
	// serial tells apart calls that differ each time, as those of uuid.
	serial int
}

// Functions are all functions by their names, `core::` and `provider::` included.
func Functions(holes *hole.Table, sources *hole.Sources, files Files, template Template) map[string]function.Function {
	l := &library{holes: holes, sources: sources, files: files, template: template, table: map[string]function.Function{}}
	l.attempts()
	l.numbers()
	l.texts()
	l.patterns()
	l.encodings()
	l.collections()
	l.sets()
	l.conversions()
	l.marks()
	l.networks()
	l.times()
	l.digests()
	l.paths()
	l.readers()
	for name, f := range l.table {
		l.table["core::"+name] = f
	}
	l.providers()
	return l.table
}
