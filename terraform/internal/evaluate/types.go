// Package evaluate evaluates a root module as Terraform does, with holes for what only apply can know.
package evaluate

import "github.com/keywarden/keywarden/terraform/internal/hole"

// FS is what the host gives to read: paths are as the caller wrote them, with slashes.
type FS interface {
	List(directory string) ([]Entry, error)
	// Read reads a file: of the configuration, or for a function (`Purpose`).
	Read(path string, purpose int) ([]byte, error)
}

// What a file is read for.
const (
	ForConfiguration = 0
	ForFunction      = 1
)

// Entry is an entry of a directory.
type Entry struct {
	Name      string `json:"name"`
	Directory bool   `json:"directory"`
}

// Request asks for a root module.
type Request struct {
	Directory string `json:"directory"`
	// Types are the types of resources to emit; none: all.
	Types         []string          `json:"types"`
	Variables     map[string]string `json:"variables"`
	VariableFiles []string          `json:"variableFiles"`
	Workspace     string            `json:"workspace"`
	// First are the files whose declarations count where others declare the same: those that were named.
	First []string `json:"first"`
}

// Response is what a root module comes to. See terraform/README.md.
type Response struct {
	// Directory is that of the request.
	Directory string    `json:"directory"`
	Problems  []Problem `json:"problems"`
	Notices   []Notice  `json:"notices"`
	Files     []string  `json:"files"`
	// Undeclared are those of Variables of the request that the root module does not declare.
	Undeclared []string `json:"undeclared,omitempty"`
	// Calls are the files of the calls of the root module, by their names.
	Calls      map[string]string `json:"calls"`
	Holes      []hole.Hole       `json:"holes"`
	Components [][]Outcome       `json:"components"`
}

// Problem keeps something from being read.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Notice says what was out of sight.
type Notice struct {
	File    string `json:"file"`
	Message string `json:"message"`
}

// Outcome is what resources come to under some decisions.
type Outcome struct {
	Decisions []Decision `json:"decisions"`
	Plan      Plan       `json:"plan"`
}

// Decision takes one outcome of a choice.
type Decision struct {
	Atom   Atom `json:"atom"`
	Choice int  `json:"choice"`
}

// Atom is a choice that the input leaves open: which of some values an expression has, or whether it is true.
type Atom struct {
	ID      string   `json:"id"`
	Subject string   `json:"subject"`
	Values  []string `json:"values,omitempty"`
	Other   bool     `json:"other,omitempty"`
}

func (a Atom) choices() int {
	if len(a.Values) == 0 {
		return 2
	}
	if a.Other {
		return len(a.Values) + 1
	}
	return len(a.Values)
}

// Plan has the shape of `terraform show -json`.
type Plan struct {
	FormatVersion string           `json:"format_version"`
	Resources     []ResourceChange `json:"resource_changes"`
	Configuration Configuration    `json:"configuration"`
}

// Configuration has the provider configurations.
type Configuration struct {
	Providers map[string]Expressions `json:"provider_config"`
}

// Expressions is what is written for arguments.
type Expressions struct {
	Expressions map[string]any `json:"expressions"`
}

// ResourceChange is an instance of a resource.
type ResourceChange struct {
	Address   string            `json:"address"`
	Module    string            `json:"module_address,omitempty"`
	Mode      string            `json:"mode"`
	Type      string            `json:"type"`
	Name      string            `json:"name"`
	Index     any               `json:"index,omitempty"`
	Change    Change            `json:"change"`
	Written   Written           `json:"written"`
	Lifecycle *Lifecycle        `json:"lifecycle,omitempty"`
	Ranges    map[string][3]int `json:"ranges"`
}

// Change always creates.
type Change struct {
	Actions   []string       `json:"actions"`
	Before    any            `json:"before"`
	After     map[string]any `json:"after"`
	Unknown   map[string]any `json:"after_unknown"`
	Sensitive map[string]any `json:"after_sensitive"`
}

// Written is what the configuration says.
type Written struct {
	Provider    string         `json:"provider_config_key"`
	Expressions map[string]any `json:"expressions"`
}

// Lifecycle is the block of that name.
type Lifecycle struct {
	PreventDestroy any `json:"prevent_destroy"`
}
