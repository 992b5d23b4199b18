package evaluate

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var localLine = regexp.MustCompile(`(?m)^ {2}([a-z]_\w+) += `)

// TestLanguage compares the local values in testdata/language with Terraform's values in want.json. The prefix of a
// name identifies its topic (`c_unify`). `go test -update` runs terraform to write want.json.
func TestLanguage(t *testing.T) {
	const directory = "testdata/language"
	given := memoryFS{}
	var names []string
	for _, name := range []string{"*.tf", "inner/*.tf", "terraform.tfvars"} {
		files, _ := filepath.Glob(filepath.Join(directory, name))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			given[strings.TrimPrefix(filepath.ToSlash(file), directory+"/")] = string(text)
			for _, match := range localLine.FindAllStringSubmatch(string(text), -1) {
				if !strings.HasPrefix(string(text), "variable") || strings.HasPrefix(match[1], "v_") {
					names = append(names, match[1])
				}
			}
		}
	}
	slices.Sort(names)
	wanted := filepath.Join(directory, "want.json")
	if *update {
		writeWanted(t, given, names, wanted)
	}
	raw, err := os.ReadFile(wanted)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	if keys := slices.Sorted(maps.Keys(want)); !slices.Equal(keys, names) {
		t.Fatalf("want.json has values for %v, but the module has %v: run the test with -update", keys, names)
	}
	var keys strings.Builder
	for _, name := range names {
		fmt.Fprintf(&keys, "resource \"aws_kms_key\" %q {\n  description = jsonencode(local.%s)\n}\n", name, name)
	}
	given["keys.tf"] = keys.String()
	response := Run(given, Request{Directory: "."})
	for _, problem := range response.Problems {
		t.Errorf("%+v", problem)
	}
	got := map[string]string{}
	for _, component := range response.Components {
		for _, resource := range component[0].Plan.Resources {
			got[resource.Name], _ = resource.Change.After["description"].(string)
		}
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			expected := plainJSON(t, want[name])
			var value any
			if err := json.Unmarshal([]byte(got[name]), &value); err != nil {
				t.Fatalf("got %q, want %s", explained(got[name], response), expected)
			}
			if is := plainJSON(t, value); is != expected {
				t.Errorf("got %s, want %s", explained(is, response), expected)
			}
		})
	}
}

func explained(text string, response Response) string {
	for number, hole := range response.Holes {
		text = strings.ReplaceAll(text, fmt.Sprintf("\U000F0000%d\U000F0001", number), "⟨"+hole.Expression+": "+hole.Reason+"⟩")
	}
	return text
}

func plainJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// writeWanted writes the values of local values according to Terraform.
func writeWanted(t *testing.T, given memoryFS, names []string, wanted string) {
	t.Helper()
	directory := t.TempDir()
	var outputs strings.Builder
	for _, name := range names {
		fmt.Fprintf(&outputs, "output %q {\n  value = jsonencode(local.%s)\n}\n", name, name)
	}
	files := maps.Clone(given)
	files["outputs.tf"] = outputs.String()
	for name, text := range files {
		file := filepath.Join(directory, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	terraform := func(args ...string) []byte {
		command := exec.Command("terraform", args...)
		command.Dir = directory
		var problems strings.Builder
		command.Stderr = &problems
		out, err := command.Output()
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s%s", args[0], err, out, problems.String())
		}
		return out
	}
	terraform("init", "-no-color")
	terraform("plan", "-no-color", "-out=plan")
	var plan struct {
		Planned struct {
			Outputs map[string]struct{ Value string }
		} `json:"planned_values"`
	}
	if err := json.Unmarshal(terraform("show", "-json", "plan"), &plan); err != nil {
		t.Fatal(err)
	}
	values := map[string]json.RawMessage{}
	for name, output := range plan.Planned.Outputs {
		if output.Value != "" {
			values[name] = json.RawMessage(output.Value)
		}
	}
	text, err := json.MarshalIndent(values, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(wanted, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
