// Package evaluate evaluates a root module like Terraform, with holes for values that are known only after apply.
package evaluate

import "github.com/keywarden/keywarden/terraform/internal/hole"

// FS gives access to the files of the host. Paths are as in the request, with slashes.
type FS interface {
	List(directory string) ([]Entry, error)
	// Read returns the contents of a file. The purpose is ForModule or ForFunction.
	Read(path string, purpose int) ([]byte, error)
}

// Purposes of reading a file.
const (
	ForModule   = 0
	ForFunction = 1
)

// Entry is an entry of a directory.
type Entry struct {
	Name      string `json:"name"`
	Directory bool   `json:"directory"`
}

// Request describes the root module to evaluate.
type Request struct {
	Directory string `json:"directory"`
	// Types lists the resource types to emit. If it is empty, all types are emitted.
	Types         []string          `json:"types"`
	Variables     map[string]string `json:"variables"`
	VariableFiles []string          `json:"variableFiles"`
	Workspace     string            `json:"workspace"`
	// First lists files whose declarations take precedence over duplicates in other files.
	First []string `json:"first"`
}

// Response is the result of evaluating a root module. See terraform/README.md.
type Response struct {
	// Directory is the directory of the request.
	Directory string    `json:"directory"`
	Problems  []Problem `json:"problems"`
	Unseen    []Unseen  `json:"unseen"`
	Files     []string  `json:"files"`
	// Undeclared lists the variables of the request that the root module does not declare.
	Undeclared []string `json:"undeclared,omitempty"`
	// Calls maps the names of the root module's calls to their files.
	Calls      map[string]string `json:"calls"`
	Holes      []hole.Hole       `json:"holes"`
	Components [][]Outcome       `json:"components"`
	Sensitive  Sensitive         `json:"sensitive"`
}

// Problem describes something that Keywarden could not read or evaluate.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Unseen describes a part of the root module that can contain KMS resources and that was not evaluated.
type Unseen struct {
	// Kind is "module", "count" or "resource".
	Kind     string `json:"kind"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Resource string `json:"resource"`
	// Subject is the source of the module, or the address of the block.
	Subject string `json:"subject"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

// Outcome is the plan for one set of decisions.
type Outcome struct {
	Decisions []Decision `json:"decisions"`
	Plan      Plan       `json:"plan"`
}

// Decision is one outcome of a choice.
type Decision struct {
	Atom   Atom `json:"atom"`
	Choice int  `json:"choice"`
}

// Atom is a choice that the input leaves open: whether an expression is true, or which of several values it has.
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

// Plan has the structure of `terraform show -json`.
type Plan struct {
	FormatVersion string            `json:"format_version"`
	Resources     []ResourceChange  `json:"resource_changes"`
	Configuration PlanConfiguration `json:"configuration"`
}

// PlanConfiguration holds the provider configurations.
type PlanConfiguration struct {
	Providers map[string]Expressions `json:"provider_config"`
}

// Expressions holds the expressions of arguments.
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
	Arguments Arguments         `json:"written"`
	Lifecycle *Lifecycle        `json:"lifecycle,omitempty"`
	Ranges    map[string][3]int `json:"ranges"`
}

// Change is always a creation.
type Change struct {
	Actions   []string       `json:"actions"`
	Before    any            `json:"before"`
	After     map[string]any `json:"after"`
	Unknown   map[string]any `json:"after_unknown"`
	Sensitive map[string]any `json:"after_sensitive"`
	Importing *Importing     `json:"importing,omitempty"`
}

// Importing identifies the existing object that an import block adopts, by ID or by identity.
type Importing struct {
	ID       any `json:"id,omitempty"`
	Identity any `json:"identity,omitempty"`
}

// Arguments holds the expressions in the source of a resource.
type Arguments struct {
	Provider    string         `json:"provider_config_key"`
	Expressions map[string]any `json:"expressions"`
}

// Lifecycle is the lifecycle block of a resource.
type Lifecycle struct {
	PreventDestroy any `json:"prevent_destroy,omitempty"`
	// Destroy is false if OpenTofu forgets the object instead of destroying it.
	Destroy any `json:"destroy,omitempty"`
}
