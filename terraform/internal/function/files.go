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

// Files returns these errors.
var (
	ErrMissing = errors.New("no such file")
	ErrRefused = errors.New("the file is outside the root directory")
	ErrLarge   = errors.New("the file is too large")
)

// definePaths defines the functions that only process paths.
func (l *library) definePaths() {
	l.define("basename", stringFunction("path", func(s string) (string, error) { return path.Base(s), nil }), nil)
	l.define("dirname", stringFunction("path", func(s string) (string, error) { return path.Dir(s), nil }), nil)
	machine := func(depends func(string) bool) rule {
		return func(c *call) (cty.Value, error) {
			text := c.stringArgument(0)
			if text == nil || hole.InString(*text) || !depends(*text) {
				return cty.NilVal, nil
			}
			h := hole.Hole{Reason: "it depends on the machine that runs Terraform", Expression: c.describe(c.texts()...)}
			return c.withArgumentMarks(c.holes.StringValue(h)), nil
		}
	}
	l.define("abspath", stringFunction("path", func(s string) (string, error) { return path.Clean(s), nil }),
		machine(func(s string) bool { return !path.IsAbs(s) }))
	l.define("pathexpand", stringFunction("path", func(s string) (string, error) { return s, nil }),
		machine(func(s string) bool { return strings.HasPrefix(s, "~") }))
}

// defineReaders defines the functions that read files.
func (l *library) defineReaders() {
	file := param("path", cty.String)
	reader := func(name string, ty cty.Type, use func(c *call, path string, data []byte) (cty.Value, error)) {
		l.define(name, signature([]function.Parameter{file}, nil), func(c *call) (cty.Value, error) {
			return c.readFile(ty, use)
		})
	}
	reader("file", cty.String, func(c *call, name string, data []byte) (cty.Value, error) {
		text, err := utf8String(name, data)
		if err != nil {
			return cty.NilVal, err
		}
		at := hole.Range{File: c.files.Path(name), Start: 0, End: len(data)}
		pieces := []hole.Piece{{Start: 0, End: len(data), Range: at, Literal: true}}
		return cty.StringVal(text).Mark(c.sources.Mark(hole.Source{Pieces: pieces, Text: text})), nil
	})
	reader("filebase64", cty.String, func(_ *call, _ string, data []byte) (cty.Value, error) {
		return cty.StringVal(base64.StdEncoding.EncodeToString(data)), nil
	})
	for _, d := range digests {
		reader(d.fileName, cty.String, func(_ *call, _ string, data []byte) (cty.Value, error) {
			return cty.StringVal(d.of(data)), nil
		})
	}
	l.define("fileexists", signature([]function.Parameter{file}, nil), fileExists)
	l.define("fileset", signature([]function.Parameter{file, param("pattern", cty.String)}, nil), fileSet)
	variables := param("vars", cty.DynamicPseudoType)
	l.define("templatefile", signature([]function.Parameter{file, variables}, nil), func(c *call) (cty.Value, error) {
		if err := c.templateVariables(); err != nil {
			return cty.NilVal, err
		}
		if bare, _ := c.args[1].Unmark(); !bare.IsKnown() {
			return c.unknownOf(cty.String), nil
		}
		return c.readFile(cty.String, func(c *call, name string, data []byte) (cty.Value, error) {
			text, err := utf8String(name, data)
			if err != nil {
				return cty.NilVal, err
			}
			if nestingDepth(parentheses.Replace(text)) > maxDepth {
				return cty.NilVal, errTooDeep
			}
			return l.template(c.files.Path(name), data, c.args[1])
		})
	})
	l.define("templatestring", signature([]function.Parameter{param("template", cty.String), variables}, nil), func(c *call) (cty.Value, error) {
		if err := c.templateVariables(); err != nil {
			return cty.NilVal, err
		}
		text := c.stringArgument(0)
		if variables, _ := c.args[1].Unmark(); text == nil || hole.IsWhole(*text) || !variables.IsKnown() {
			return c.unknownOf(cty.String), nil
		}
		if nestingDepth(parentheses.Replace(*text)) > maxDepth {
			return cty.NilVal, errTooDeep
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

func utf8String(name string, data []byte) (string, error) {
	if !utf8.Valid(data) {
		return "", fmt.Errorf("contents of %q are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead", name)
	}
	return string(data), nil
}

// readFile reads the file that the first argument names. A file that must not be read results in a hole, and a
// missing file in an error.
func (c *call) readFile(ty cty.Type, use func(c *call, path string, data []byte) (cty.Value, error)) (cty.Value, error) {
	name := c.stringArgument(0)
	if name == nil || hole.InString(*name) {
		return c.unknownOf(ty), nil
	}
	data, err := c.files.Read(*name)
	switch {
	case errors.Is(err, ErrRefused) || err != nil && strings.HasPrefix(*name, "~"):
		return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.texts()...)}, ty), nil
	case errors.Is(err, ErrLarge):
		return c.holes.Value(hole.Hole{Reason: ErrLarge.Error(), Expression: c.describe(c.texts()...)}, ty), nil
	case errors.Is(err, ErrMissing):
		return argError(0, "no file exists at %q; this function works only with files that are distributed as part of the configuration source code, so if this file will be created by a resource in this configuration you must instead obtain this result from an attribute of that resource", *name)
	case err != nil:
		return argError(0, "failed to read %q: %s", *name, err)
	}
	v, err := use(c, *name, data)
	if err != nil {
		return cty.NilVal, err
	}
	return c.withArgumentMarks(v), nil
}

func fileExists(c *call) (cty.Value, error) {
	name := c.stringArgument(0)
	if name == nil || hole.InString(*name) {
		return c.unknownOf(cty.Bool), nil
	}
	_, err := c.files.Read(*name)
	switch {
	case errors.Is(err, ErrRefused):
		return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.texts()...)}, cty.Bool), nil
	case errors.Is(err, ErrMissing):
		if strings.HasPrefix(*name, "~") {
			return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.texts()...)}, cty.Bool), nil
		}
		if _, err := c.files.List(*name); err == nil {
			return cty.NilVal, fmt.Errorf("%q is a directory, not a file", *name)
		}
		return c.withArgumentMarks(cty.False), nil
	}
	return c.withArgumentMarks(cty.True), nil
}

// fileSet returns the files below a directory whose paths match a pattern.
func fileSet(c *call) (cty.Value, error) {
	directory, pattern := c.stringArgument(0), c.stringArgument(1)
	ty := cty.Set(cty.String)
	if directory == nil || pattern == nil || hole.InString(*directory) || hole.InString(*pattern) {
		return c.unknownOf(ty), nil
	}
	match, err := glob(*pattern)
	if err != nil {
		return cty.NilVal, fmt.Errorf("failed to glob pattern %q: %s", *pattern, err)
	}
	w := &walker{files: c.files, match: match, depth: globDepth(*pattern)}
	if err := w.walk(*directory, "", 0); err != nil {
		if errors.Is(err, ErrRefused) {
			return c.holes.Value(hole.Hole{Reason: ErrRefused.Error(), Expression: c.describe(c.texts()...)}, ty), nil
		}
		return cty.NilVal, err
	}
	if len(w.found) == 0 {
		return c.withArgumentMarks(cty.SetValEmpty(cty.String)), nil
	}
	return c.withArgumentMarks(cty.SetVal(w.found)), nil
}

type walker struct {
	files Files
	match func(string) bool
	// depth is the number of directory levels that the pattern can match, or -1 for any number.
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
