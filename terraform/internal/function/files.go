package function

import (
	"encoding/base64"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// Errors of Files.
var (
	ErrMissing = errors.New("no such file")
	ErrRefused = errors.New("the file is outside of the root")
	ErrLarge   = errors.New("the file is too large")
)

// paths are the functions about paths alone.
func (l *library) paths() {
	l.define("basename", onText("path", func(s string) (string, error) { return path.Base(s), nil }), nil)
	l.define("dirname", onText("path", func(s string) (string, error) { return path.Dir(s), nil }), nil)
	machine := func(depends func(string) bool) rule {
		return func(c *call) (cty.Value, error) {
			text := c.text(0)
			if text == nil || hole.InText(*text) || !depends(*text) {
				return cty.NilVal, nil
			}
			h := hole.Hole{Reason: "differs from machine to machine", Expression: c.describe(c.args...)}
			return c.marked(c.holes.Text(h)), nil
		}
	}
	l.define("abspath", onText("path", func(s string) (string, error) { return path.Clean(s), nil }),
		machine(func(s string) bool { return !path.IsAbs(s) }))
	l.define("pathexpand", onText("path", func(s string) (string, error) { return s, nil }),
		machine(func(s string) bool { return strings.HasPrefix(s, "~") }))
}

// readers are the functions that read files.
func (l *library) readers() {
	file := param("path", cty.String)
	reader := func(name string, ty cty.Type, use func(c *call, path string, data []byte) (cty.Value, error)) {
		l.define(name, shape([]function.Parameter{file}, nil), func(c *call) (cty.Value, error) {
			return c.reading(ty, use)
		})
	}
	reader("file", cty.String, func(c *call, name string, data []byte) (cty.Value, error) {
		text, err := utf8Text(name, data)
		if err != nil {
			return cty.NilVal, err
		}
		at := hole.Range{File: c.files.Path(name), Start: 0, End: len(data)}
		pieces := []hole.Piece{{Start: 0, End: len(data), At: at, Literal: true}}
		return cty.StringVal(text).Mark(c.sources.Mark(hole.Source{Pieces: pieces, Text: text})), nil
	})
	reader("filebase64", cty.String, func(_ *call, _ string, data []byte) (cty.Value, error) {
		return cty.StringVal(base64.StdEncoding.EncodeToString(data)), nil
	})
	for _, d := range digests {
		reader(d.file, cty.String, func(_ *call, _ string, data []byte) (cty.Value, error) {
			return cty.StringVal(d.of(data)), nil
		})
	}
	l.define("fileexists", shape([]function.Parameter{file}, nil), fileExists)
	l.define("fileset", shape([]function.Parameter{file, param("pattern", cty.String)}, nil), fileSet)
	variables := param("vars", cty.DynamicPseudoType)
	l.define("templatefile", shape([]function.Parameter{file, variables}, nil), func(c *call) (cty.Value, error) {
		if err := c.templateVariables(); err != nil {
			return cty.NilVal, err
		}
		if bare, _ := c.args[1].Unmark(); !bare.IsKnown() {
			return c.holeOf(cty.String), nil
		}
		return c.reading(cty.String, func(c *call, name string, data []byte) (cty.Value, error) {
			text, err := utf8Text(name, data)
			if err != nil {
				return cty.NilVal, err
			}
			if nesting(parentheses.Replace(text)) > maxDepth {
				return cty.NilVal, errDeep
			}
			return l.template(c.files.Path(name), data, c.args[1])
		})
	})
	l.define("templatestring", shape([]function.Parameter{param("template", cty.String), variables}, nil), func(c *call) (cty.Value, error) {
		if err := c.templateVariables(); err != nil {
			return cty.NilVal, err
		}
		text := c.text(0)
		if variables, _ := c.args[1].Unmark(); text == nil || hole.IsWhole(*text) || !variables.IsKnown() {
			return c.holeOf(cty.String), nil
		}
		if nesting(parentheses.Replace(*text)) > maxDepth {
			return cty.NilVal, errDeep
		}
		return l.template("", []byte(*text), c.args[1])
	})
}

func (c *call) templateVariables() error {
	bare, _ := c.args[1].Unmark()
	if ty := bare.Type(); !isKeyed(ty) && ty != cty.DynamicPseudoType {
		return function.NewArgErrorf(1, "invalid vars value: must be a map")
	}
	return nil
}

func utf8Text(name string, data []byte) (string, error) {
	if !utf8.Valid(data) {
		return "", fmt.Errorf("contents of %q are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead", name)
	}
	return string(data), nil
}

// reading reads the file that the first argument names. What may not be read is a hole, what is not there an error.
func (c *call) reading(ty cty.Type, use func(c *call, path string, data []byte) (cty.Value, error)) (cty.Value, error) {
	name := c.text(0)
	if name == nil || hole.InText(*name) {
		return c.holeOf(ty), nil
	}
	data, err := c.files.Read(*name)
	switch {
	case errors.Is(err, ErrRefused) || err != nil && strings.HasPrefix(*name, "~"):
		return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.args...)}, ty), nil
	case errors.Is(err, ErrLarge):
		return c.holes.Value(hole.Hole{Reason: ErrLarge.Error(), Expression: c.describe(c.args...)}, ty), nil
	case errors.Is(err, ErrMissing):
		return argError(0, "no file exists at %q; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource", *name)
	case err != nil:
		return argError(0, "failed to read %q: %s", *name, err)
	}
	v, err := use(c, *name, data)
	if err != nil {
		return cty.NilVal, err
	}
	return c.marked(v), nil
}

func fileExists(c *call) (cty.Value, error) {
	name := c.text(0)
	if name == nil || hole.InText(*name) {
		return c.holeOf(cty.Bool), nil
	}
	_, err := c.files.Read(*name)
	switch {
	case errors.Is(err, ErrRefused):
		return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.args...)}, cty.Bool), nil
	case errors.Is(err, ErrMissing):
		if strings.HasPrefix(*name, "~") {
			return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.args...)}, cty.Bool), nil
		}
		if _, err := c.files.List(*name); err == nil {
			return cty.NilVal, fmt.Errorf("%q is a directory, not a file", *name)
		}
		return c.marked(cty.False), nil
	}
	return c.marked(cty.True), nil
}

// fileSet lists the files below a directory whose paths match a pattern.
func fileSet(c *call) (cty.Value, error) {
	directory, pattern := c.text(0), c.text(1)
	ty := cty.Set(cty.String)
	if directory == nil || pattern == nil || hole.InText(*directory) || hole.InText(*pattern) {
		return c.holeOf(ty), nil
	}
	match, err := glob(*pattern)
	if err != nil {
		return cty.NilVal, fmt.Errorf("failed to glob pattern %q: %s", *pattern, err)
	}
	w := &walker{files: c.files, match: match, depth: globDepth(*pattern)}
	if err := w.walk(*directory, "", 0); err != nil {
		if errors.Is(err, ErrRefused) {
			return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.args...)}, ty), nil
		}
		return cty.NilVal, err
	}
	if len(w.found) == 0 {
		return c.marked(cty.SetValEmpty(cty.String)), nil
	}
	return c.marked(cty.SetVal(w.found)), nil
}

type walker struct {
	files Files
	match func(string) bool
	// depth of directories that the pattern can reach, -1: any.
	depth int
	seen  int
	found []cty.Value
}

func (w *walker) walk(directory, relative string, level int) error {
	entries, err := w.files.List(directory)
	if errors.Is(err, ErrMissing) || err != nil && level > 0 {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if w.seen++; w.seen > 100_000 || level > 100 {
			return tooMany()
		}
		name := path.Join(relative, entry.Name)
		if !entry.Directory {
			if w.match(name) {
				w.found = append(w.found, cty.StringVal(name))
			}
		} else if w.depth < 0 || level < w.depth {
			if err := w.walk(path.Join(directory, entry.Name), name, level+1); err != nil {
				return err
			}
		}
	}
	return nil
}
