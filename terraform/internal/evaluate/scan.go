package evaluate

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
)

// Scan is what a directory calls.
type Scan struct {
	// Calls are the directories of the modules that it calls, as far as they are at hand.
	Calls    []string  `json:"calls"`
	Problems []Problem `json:"problems"`
	// Concerns: it has resources of the AWS providers.
	Concerns bool `json:"concerns"`
}

// ScanDirectory looks into a directory without evaluating it.
func ScanDirectory(fs FS, directory string) Scan {
	l := newLoader(fs)
	out := Scan{Calls: []string{}, Problems: []Problem{}}
	loaded := l.load(directory)
	out.Problems = append(out.Problems, l.problems...)
	if loaded == nil {
		return out
	}
	installed := manifest(l, directory)
	for _, name := range loaded.callNames {
		source := loaded.calls[name].source
		switch {
		case isLocal(source):
			out.Calls = append(out.Calls, clean(directory, source))
		case installed[name] == "":
			// What is out of sight is told where it may be about keys.
			out.Concerns = out.Concerns || strings.Contains(strings.ToLower(name+source), "kms")
		}
	}
	for _, place := range slices.Sorted(maps.Values(installed)) {
		out.Calls = append(out.Calls, clean(directory, place))
	}
	for _, r := range loaded.order {
		out.Concerns = out.Concerns || strings.HasPrefix(r.kind, "aws_") || strings.HasPrefix(r.kind, "awscc_")
	}
	return out
}

func isLocal(source string) bool {
	return source == "." || source == ".." || strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}

func clean(directory, source string) string { return path.Join(directory, source) }

// manifest has the directories of installed modules, relative to the root's, by the modules' keys, `a.b`.
func manifest(l *loader, root string) map[string]string {
	src, err := l.fs.Read(join(root, ".terraform/modules/modules.json"), ForConfiguration)
	if err != nil {
		return nil
	}
	var read struct {
		Modules []struct{ Key, Dir string }
	}
	if json.Unmarshal(src, &read) != nil {
		return nil
	}
	installed := map[string]string{}
	for _, module := range read.Modules {
		if module.Key != "" && module.Dir != "" && !path.IsAbs(module.Dir) {
			installed[module.Key] = path.Clean(module.Dir)
		}
	}
	return installed
}
