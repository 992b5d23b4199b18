package function

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/keywarden/keywarden/terraform/internal/budget"
	"github.com/keywarden/keywarden/terraform/internal/hole"
)

var update = flag.Bool("update", false, "ask `terraform console` for the values of testdata/*.txt")

// directory implements Files for a directory on disk.
type directory string

func (d directory) Read(path string) ([]byte, error) {
	if filepath.IsAbs(path) || strings.HasPrefix(filepath.Clean(path), "..") {
		return nil, ErrRefused
	}
	data, err := os.ReadFile(filepath.Join(string(d), path))
	if err != nil {
		return nil, ErrMissing
	}
	return data, nil
}

func (d directory) Path(path string) string { return filepath.Join("root", path) }

func (d directory) List(path string) ([]Entry, error) {
	if filepath.IsAbs(path) || strings.HasPrefix(filepath.Clean(path), "..") {
		return nil, ErrRefused
	}
	entries, err := os.ReadDir(filepath.Join(string(d), path))
	if err != nil {
		return nil, ErrMissing
	}
	var out []Entry
	for _, entry := range entries {
		out = append(out, Entry{entry.Name(), entry.IsDir()})
	}
	return out, nil
}

type world struct {
	budget    *budget.Budget
	holes     *hole.Table
	sources   *hole.Sources
	functions map[string]function.Function
	variables map[string]cty.Value
}

func newWorld() *world {
	limits := budget.Default()
	limits.Steps, limits.ExpressionSteps, limits.Bytes, limits.ExpressionBytes = 1<<60, 1<<60, 1<<60, 1<<60
	w := &world{budget: budget.New(limits), holes: hole.NewTable(), sources: &hole.Sources{}, variables: map[string]cty.Value{}}
	template := func(path string, source []byte, variables cty.Value) (cty.Value, error) {
		expression, diags := hclsyntax.ParseTemplate(source, path, hcl.InitialPos)
		if diags.HasErrors() {
			return cty.NilVal, diags
		}
		bare, _ := variables.Unmark()
		v, diags := expression.Value(&hcl.EvalContext{Variables: bare.AsValueMap(), Functions: w.functions})
		if diags.HasErrors() {
			return cty.NilVal, diags
		}
		return v, nil
	}
	w.sources.Bytes = func(file string) []byte {
		data, _ := os.ReadFile(filepath.Join("testdata/files", strings.TrimPrefix(file, "root")))
		return data
	}
	w.functions = Functions(Environment{w.budget, w.holes, w.sources, directory("testdata/files"), template})
	return w
}

// evaluate returns the value of an expression, or the detail of its first error.
func (w *world) evaluate(text string) (cty.Value, string) {
	expression, diags := hclsyntax.ParseExpression([]byte(text), "test", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, diags.Error()
	}
	v, diags := expression.Value(&hcl.EvalContext{Variables: w.variables, Functions: w.functions})
	if diags.HasErrors() {
		return cty.NilVal, diags[0].Detail
	}
	return v, ""
}

// answer returns "= " and the value as JSON, "! " and the error, or "?" for an unknown value.
func (w *world) answer(text string) string {
	v, problem := w.evaluate(text)
	if problem != "" {
		return "! " + strings.Join(strings.Fields(problem), " ")
	}
	bare, _ := v.UnmarkDeep()
	if !bare.IsWhollyKnown() {
		return "?"
	}
	raw, err := json.Marshal(ctyjson.SimpleJSONValue{Value: bare})
	if err != nil {
		return "! " + err.Error()
	}
	return "= " + string(raw)
}

// In testdata, each expression is followed by Terraform's answer: `= ` and the value as JSON, `! ` and the error, or
// `?` for a value that is known only after apply.
func TestExpressions(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no expressions", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			lines := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
			for i := 0; i < len(lines); i++ {
				line := lines[i]
				out = append(out, line)
				if line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				want := ""
				if i+1 < len(lines) && lines[i+1] != "" && strings.Contains("=!?", lines[i+1][:1]) {
					i++
					want = lines[i]
				}
				if *update {
					want = console(t, line)
				}
				out = append(out, want)
				if got := newWorld().answer(line); got != want {
					t.Errorf("%s\n got %s\nwant %s", line, got, want)
				}
			}
			if *update {
				if err := os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

var decoration = regexp.MustCompile("\x1b\\[[0-9;]*m|[│╷╵]")

// console returns the answer of `terraform console`.
func console(t *testing.T, expression string) string {
	command := exec.Command("terraform", "console", "-no-color")
	command.Dir = "testdata/files"
	command.Stdin = strings.NewReader("jsonencode(" + expression + ")\n")
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if err == nil {
		var text string
		if strings.Contains(stdout.String(), "(known after apply)") {
			return "?"
		}
		if err := json.Unmarshal(bytes.TrimSpace(stdout.Bytes()), &text); err != nil {
			t.Fatalf("%s: %s: %v", expression, stdout.String(), err)
		}
		var value any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
		return "= " + text
	}
	detail := decoration.ReplaceAllString(stderr.String()+stdout.String(), "")
	if _, after, ok := strings.Cut(detail, "Error: "); ok {
		detail = after
	}
	// The detail is the last paragraph, after the summary and the excerpt.
	paragraphs := regexp.MustCompile(`\n\s*\n`).Split(strings.TrimSpace(detail), -1)
	return "! " + strings.Join(strings.Fields(paragraphs[len(paragraphs)-1]), " ")
}
