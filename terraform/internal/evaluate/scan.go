package evaluate

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
)

// Scan lists the modules that a directory calls.
type Scan struct {
	// Calls lists the directories of the called modules that are available.
	Calls    []string  `json:"calls"`
	Problems []Problem `json:"problems"`
	// Relevant is true if the directory can affect KMS keys: it has resources of the AWS providers, or calls a
	// missing module that looks like KMS.
	Relevant bool `json:"concerns"`
}

// ScanDirectory reads a directory without evaluating it.
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
			// The evaluation reports the missing module.
			out.Relevant = out.Relevant || mayContainKeys(source)
		}
	}
	for _, path := range slices.Sorted(maps.Values(installed)) {
		out.Calls = append(out.Calls, clean(directory, path))
	}
	for _, r := range loaded.order {
		out.Relevant = out.Relevant || strings.HasPrefix(r.kind, "aws_") || strings.HasPrefix(r.kind, "awscc_")
	}
	return out
}

func isLocal(source string) bool {
	return source == "." || source == ".." || strings.HasPrefix(source, "./") || strings.HasPrefix(source, "../")
}

func clean(directory, source string) string { return path.Join(directory, source) }

// manifest returns the directories of installed modules, relative to the root module, by module key such as `a.b`.
func manifest(l *loader, root string) map[string]string {
	src, err := l.fs.Read(join(root, ".terraform/modules/modules.json"), ForModule)
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
