package evaluate

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the results into the archives")

// memoryFS maps paths to file contents.
type memoryFS map[string]string

func (m memoryFS) List(directory string) ([]Entry, error) {
	found := map[string]bool{}
	for name := range m {
		rest, ok := strings.CutPrefix(path.Clean(name), strings.TrimPrefix(path.Clean(directory)+"/", "./"))
		if !ok {
			continue
		}
		first, _, inside := strings.Cut(rest, "/")
		found[first] = inside
	}
	if len(found) == 0 {
		return nil, fs.ErrNotExist
	}
	var out []Entry
	for name, directory := range found {
		out = append(out, Entry{name, directory})
	}
	return out, nil
}

func (m memoryFS) Read(name string, purpose int) ([]byte, error) {
	text, ok := m[path.Clean(name)]
	switch {
	case strings.HasPrefix(path.Clean(name), "..") || path.IsAbs(name):
		return nil, fs.ErrPermission
	case !ok:
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

// summary renders a response for comparison. Holes are ⟨expression⟩; each outcome lists its decisions and resources.
func summary(t *testing.T, response Response) string {
	t.Helper()
	type outcome struct {
		When      []string       `json:"when,omitempty"`
		Resources map[string]any `json:"resources"`
	}
	var out struct {
		Problems []Problem `json:"problems,omitempty"`
		Unseen   []Unseen  `json:"unseen,omitempty"`
		Outcomes []outcome `json:"outcomes"`
	}
	out.Problems, out.Unseen = response.Problems, response.Unseen
	for _, component := range response.Components {
		for _, one := range component {
			made := outcome{Resources: map[string]any{}}
			for _, d := range one.Decisions {
				made.When = append(made.When, d.Atom.Subject+": "+choiceText(d))
			}
			for _, resource := range one.Plan.Resources {
				after := resource.Change.After
				for name, value := range after {
					var document any
					if text, ok := value.(string); ok && json.Unmarshal([]byte(text), &document) == nil && strings.HasPrefix(text, "{") {
						after[name] = document
					}
				}
				if resource.Arguments.Provider != "aws" {
					after["(provider)"] = resource.Arguments.Provider
				}
				if resource.Lifecycle != nil {
					after["(prevent_destroy)"] = resource.Lifecycle.PreventDestroy
					if destroy := resource.Lifecycle.Destroy; destroy != nil {
						after["(destroy)"] = destroy
					}
				}
				if resource.Change.Importing != nil {
					after["(importing)"] = resource.Change.Importing
				}
				made.Resources[resource.Address] = after
			}
			out.Outcomes = append(out.Outcomes, made)
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(out); err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile("\U000F0000(\\d+)\U000F0001").ReplaceAllStringFunc(text.String(), func(mark string) string {
		number, _ := strconv.Atoi(strings.Trim(mark, "\U000F0000\U000F0001"))
		quoted, _ := json.Marshal(response.Holes[number].Expression)
		unescaped := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted))
		return "⟨" + unescaped[1:len(unescaped)-1] + "⟩"
	})
}

func choiceText(d Decision) string {
	switch {
	case d.Choice < len(d.Atom.Values):
		return strconv.Quote(d.Atom.Values[d.Choice])
	case len(d.Atom.Values) > 0:
		return "none of them"
	case d.Choice == 0:
		return "true"
	}
	return "false"
}

// TestRun evaluates the archives in testdata. The comment of an archive describes the case, `request.json` replaces
// the default request, and `want.json` is the expected summary.
func TestRun(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txtar")
	if len(files) == 0 {
		t.Fatal("no archives")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			request := Request{Directory: "."}
			given := memoryFS{}
			want := ""
			for _, f := range archive.Files {
				switch f.Name {
				case "want.json":
					want = string(f.Data)
				case "request.json":
					if err := json.Unmarshal(f.Data, &request); err != nil {
						t.Fatal(err)
					}
				default:
					given[f.Name] = string(f.Data)
				}
			}
			got := summary(t, Run(given, request))
			if got == want {
				return
			}
			if !*update {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
				return
			}
			archive.Files = append(withoutWant(archive.Files), txtar.File{Name: "want.json", Data: []byte(got)})
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func withoutWant(files []txtar.File) []txtar.File {
	var out []txtar.File
	for _, f := range files {
		if f.Name != "want.json" {
			out = append(out, f)
		}
	}
	return out
}
