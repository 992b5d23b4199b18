package evaluate

import (
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/keywarden/keywarden/terraform/internal/budget"
	"github.com/zclconf/go-cty/cty"
)

// definition holds the declarations of a module: the contents of its directory.
type definition struct {
	directory string
	variables map[string]*variable
	locals    map[string]*attribute
	outputs   map[string]*block
	resources map[string]*resource
	// order lists the resources in file order.
	order     []*resource
	calls     map[string]*call
	callNames []string
	providers map[string]*block
	imports   []*block
}

type variable struct {
	name         string
	block        *block
	ty           cty.Type
	defaults     *typeexpr.Defaults
	defaultValue *attribute
	sensitive    bool
	// concealed is true if the variable is sensitive or ephemeral.
	concealed bool
	nullable  bool
	// allowed lists the values that a validation block permits, if it lists them literally.
	allowed []string
}

type resource struct {
	data       bool
	kind, name string
	block      *block
}

func (r *resource) address() string {
	if r.data {
		return "data." + r.kind + "." + r.name
	}
	return r.kind + "." + r.name
}

type call struct {
	name   string
	source string
	block  *block
}

// loader reads each directory once.
type loader struct {
	fs       FS
	loaded   map[string]*definition
	sources  map[string][]byte
	virtuals map[string]virtualFile
	// templates holds the parsed templates by path and content.
	templates map[string]hclsyntax.Expression
	problems  []Problem
	first     []string
	secrets   *secrets
}

func newLoader(fs FS) *loader {
	return &loader{fs: fs, loaded: map[string]*definition{}, sources: map[string][]byte{}, virtuals: map[string]virtualFile{},
		templates: map[string]hclsyntax.Expression{}, secrets: newSecrets()}
}

func (l *loader) problem(rng hcl.Range, message, remedy string) {
	l.problems = append(l.problems, Problem{rng.Filename, rng.Start.Line, rng.Start.Column, message, remedy})
}

// load reads a directory. It returns nil if the directory has no Terraform files.
func (l *loader) load(directory string) *definition {
	if known, ok := l.loaded[directory]; ok {
		return known
	}
	l.loaded[directory] = nil
	names := l.moduleFiles(directory)
	if len(names) == 0 {
		return nil
	}
	out := &definition{directory: directory, variables: map[string]*variable{}, locals: map[string]*attribute{},
		outputs: map[string]*block{}, resources: map[string]*resource{}, calls: map[string]*call{},
		providers: map[string]*block{}}
	slices.SortStableFunc(names, func(a, b string) int { return l.fileRank(directory, a) - l.fileRank(directory, b) })
	for _, name := range names {
		if b := l.parse(join(directory, name)); b != nil {
			l.secrets.addCalls(b)
			l.collect(out, b, isOverride(name))
		}
	}
	l.loaded[directory] = out
	return out
}

// fileRank sorts files that the request names before other files, and override files last.
func (l *loader) fileRank(directory, name string) int {
	switch {
	case isOverride(name):
		return 2
	case slices.Contains(l.first, join(directory, name)):
		return 0
	}
	return 1
}

// moduleFiles returns the files of a module, override files last. A .tofu file replaces the .tf file with the same
// name.
func (l *loader) moduleFiles(directory string) []string {
	entries, err := l.fs.List(directory)
	if err != nil {
		return nil
	}
	present := map[string]bool{}
	for _, entry := range entries {
		present[entry.Name] = !entry.Directory
	}
	var names, overrides []string
	for name := range present {
		base, syntax := cutSyntax(name)
		if syntax == "" || !present[name] || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
			continue
		}
		if tofu := strings.Replace(syntax, ".tf", ".tofu", 1); tofu != syntax && present[base+tofu] {
			continue
		}
		if isOverride(name) {
			overrides = append(overrides, name)
		} else {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	sort.Strings(overrides)
	return append(names, overrides...)
}

func cutSyntax(name string) (base, syntax string) {
	for _, syntax := range []string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(name, syntax) {
			return strings.TrimSuffix(name, syntax), syntax
		}
	}
	return name, ""
}

func isOverride(name string) bool {
	base, _ := cutSyntax(name)
	return base == "override" || strings.HasSuffix(base, "_override")
}

func join(directory, name string) string {
	if directory == "" || directory == "." {
		return name
	}
	return path.Join(directory, name)
}

func (l *loader) source(file string) ([]byte, error) {
	if src, ok := l.sources[file]; ok {
		return src, nil
	}
	src, err := l.fs.Read(file, ForModule)
	if err == nil {
		l.sources[file] = src
	}
	return src, err
}

func (l *loader) parse(file string) *body {
	src, err := l.source(file)
	if err != nil {
		l.problems = append(l.problems, Problem{File: file, Message: "Cannot read the file: " + err.Error() + ".",
			Remedy: "Check that the file exists and is readable."})
		return nil
	}
	if !l.isParsable(file, src) {
		return nil
	}
	var out *body
	var diags hcl.Diagnostics
	if strings.HasSuffix(file, ".json") {
		out, diags = jsonFile(src, file)
	} else {
		var parsed *hcl.File
		parsed, diags = hclsyntax.ParseConfig(src, file, hcl.InitialPos)
		if parsed != nil {
			if native, ok := parsed.Body.(*hclsyntax.Body); ok {
				out = nativeBody(native)
			}
		}
	}
	reported := false
	for _, diag := range diags {
		if diag.Severity != hcl.DiagError {
			continue
		}
		rng := hcl.Range{Filename: file, Start: hcl.InitialPos}
		if diag.Subject != nil {
			rng = *diag.Subject
		}
		if !reported {
			reported = true
			l.problem(rng, sentence(diag.Summary+": "+diag.Detail), "Correct the syntax. `terraform validate` reports the same error.")
		}
		if out != nil {
			out.blocks = slices.DeleteFunc(out.blocks, func(b *block) bool { return b.contains(rng.Start.Byte) })
		}
	}
	return out
}

// isParsable reports whether a file is UTF-8 and the work of parsing it is proportional to its length. Otherwise, it adds
// a problem.
func (l *loader) isParsable(file string, src []byte) bool {
	if at := invalidUTF8(src); at >= 0 {
		l.problem(rangeAt(file, src, at), "The file is not UTF-8.", "Save the file as UTF-8, which Terraform requires.")
		return false
	}
	if at := excessiveNesting(src); at >= 0 {
		l.problem(rangeAt(file, src, at), fmt.Sprintf("Brackets are nested more than %d levels deep.", maxNesting),
			"Split the expression into local values.")
		return false
	}
	if at := longHeredoc(src); at >= 0 {
		l.problem(rangeAt(file, src, at), "A heredoc is too long to be evaluated.",
			"Move the text to a file of its own, and read it with the function file.")
		return false
	}
	if at := budget.LongNumber(src); at >= 0 {
		l.problem(rangeAt(file, src, at), fmt.Sprintf("A number has more than %d digits.", budget.MaxDigits),
			"Use fewer digits, or move the text to a file of its own.")
		return false
	}
	return true
}

// contains reports whether the block includes an offset. A block with a syntax error was only partly parsed.
func (b *block) contains(offset int) bool {
	start, end := b.rng.Start.Byte, b.rng.End.Byte
	return start <= offset && (offset < end || end <= start)
}
