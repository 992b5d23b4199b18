package evaluate

import (
	"errors"
	"io/fs"
	"path"

	"github.com/keywarden/keywarden/terraform/internal/function"
)

// files gives functions access to files.
type files struct{ *shared }

func (f files) Read(name string) ([]byte, error) {
	src, err := f.loader.fs.Read(f.path(name), ForFunction)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, function.ErrMissing
	case errors.Is(err, fs.ErrPermission):
		return nil, function.ErrRefused
	case err != nil:
		return nil, function.ErrLarge
	}
	f.loader.sources[f.path(name)] = src
	return src, nil
}

func (f files) Path(name string) string { return f.path(name) }

func (f files) List(directory string) ([]function.Entry, error) {
	entries, err := f.loader.fs.List(f.path(directory))
	if err != nil {
		return nil, function.ErrMissing
	}
	out := make([]function.Entry, len(entries))
	for i, entry := range entries {
		out[i] = function.Entry{Name: entry.Name, Directory: entry.Directory}
	}
	return out, nil
}

// path resolves a path like Terraform, which runs in the directory of the root module.
func (f files) path(name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(f.request.Directory, name)
}
