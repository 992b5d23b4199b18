// Package function implements Terraform's functions for values with holes.
//
// A function never returns a wrong known value for an argument that is not wholly known. It either keeps the certain
// parts around the hole, or returns a new hole whose expression describes the call.
package function

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/budget"
	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// Files gives functions access to files. Paths are relative to the directory of the root module.
type Files interface {
	// Read returns the contents of a file, or ErrMissing, ErrRefused or ErrLarge.
	Read(path string) ([]byte, error)
	// Path returns the path that source positions use for a file.
	Path(path string) string
	// List returns the entries of a directory, or one of the errors of Read.
	List(directory string) ([]Entry, error)
}

// Entry is an entry of a directory.
type Entry struct {
	Name      string
	Directory bool
}

// Template evaluates a template. The path is empty for templatestring.
type Template func(path string, source []byte, variables cty.Value) (cty.Value, error)

// Sensitive marks a sensitive value.
type Sensitive struct{}

// Environment holds what the functions depend on.
type Environment struct {
	Budget   *budget.Budget
	Holes    *hole.Table
	Sources  *hole.Sources
	Files    Files
	Template Template
}

// library holds the dependencies of the functions.
type library struct {
	budget   *budget.Budget
	holes    *hole.Table
	sources  *hole.Sources
	files    Files
	template Template
	table    map[string]function.Function
	// serial distinguishes calls such as uuid() that return a new value each time.
	serial int
}

// Functions returns all functions by name, including those with the prefixes `core::` and `provider::`.
func Functions(e Environment) map[string]function.Function {
	l := &library{budget: e.Budget, holes: e.Holes, sources: e.Sources, files: e.Files, template: e.Template,
		table: map[string]function.Function{}}
	l.defineTry()
	l.defineNumbers()
	l.defineStrings()
	l.definePatterns()
	l.defineEncodings()
	l.defineCollections()
	l.defineSets()
	l.defineConversions()
	l.defineSensitivity()
	l.defineNetworks()
	l.defineTimes()
	l.defineDigests()
	l.definePaths()
	l.defineReaders()
	for name, f := range l.table {
		l.table["core::"+name] = f
	}
	l.defineProviders()
	return l.table
}
