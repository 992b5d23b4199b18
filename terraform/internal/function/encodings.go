package function

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

func (l *library) defineEncodings() {
	l.define("jsonencode", stdlib.JSONEncodeFunc, l.encodeJSON)
	l.define("jsondecode", stdlib.JSONDecodeFunc, decodeJSON)
	l.define("yamlencode", yamlEncode, encodeYAML)
	l.define("yamldecode", yamlDecode, decodeYAML)
	l.define("csvdecode", stdlib.CSVDecodeFunc, decodeCSV)
	l.define("base64encode", stringFunction("str", func(s string) (string, error) {
		return base64.StdEncoding.EncodeToString([]byte(s)), nil
	}), nil)
	l.define("base64decode", stringFunction("str", func(s string) (string, error) {
		raw, err := base64.StdEncoding.DecodeString(s)
		if err != nil {
			return "", fmt.Errorf("failed to decode base64 data %q", s)
		}
		if !utf8.Valid(raw) {
			return "", errors.New("the result of decoding the provided string is not valid UTF-8")
		}
		return string(raw), nil
	}), nil)
	l.define("base64gzip", stringFunction("str", compress), nil)
	l.define("base64gunzip", stringFunction("str", decompress), nil)
	escaped := func(r rune) bool { return url.QueryEscape(string(r)) != string(r) }
	l.define("urlencode", stringFunction("str", func(s string) (string, error) { return url.QueryEscape(s), nil }), mapLetters(url.QueryEscape, escaped))
	l.define("urldecode", stringFunction("str", func(s string) (string, error) {
		out, err := url.QueryUnescape(s)
		if err != nil {
			return "", errors.New("failed to decode URL: " + err.Error())
		}
		return out, nil
	}), nil)
	l.define("textencodebase64", typedFunction(cty.String, textEncode, param("string", cty.String), param("encoding", cty.String)), nil)
	l.define("textdecodebase64", typedFunction(cty.String, textDecode, param("source", cty.String), param("encoding", cty.String)), nil)
}

func compress(s string) (string, error) {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write([]byte(s)); err != nil {
		return "", err
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(out.Bytes()), nil
}

func decompress(s string) (string, error) {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("failed to decode base64 data")
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return "", errors.New("failed to gunzip bytes")
	}
	out, err := io.ReadAll(io.LimitReader(r, int64(maxStringBytes)+1))
	switch {
	case err != nil:
		return "", errors.New("failed to gunzip bytes")
	case len(out) > maxStringBytes:
		return "", tooLong()
	case !utf8.Valid(out):
		return "", errors.New("the result of decompressing the provided string is not valid UTF-8")
	}
	return string(out), nil
}

// decodeCSV keeps placeholders in fields.
func decodeCSV(c *call) (cty.Value, error) {
	text := c.stringArgument(0)
	if text == nil {
		return cty.NilVal, nil
	}
	if strings.Count(*text, "\n")+strings.Count(*text, ",") > maxElements {
		return cty.NilVal, tooMany()
	}
	v, err := c.run()
	if !c.hasPartialArgument() {
		return v, err
	}
	if bare, _ := v.Unmark(); err != nil || holeKeys(bare.Type().ElementType()) || !hole.In(bare) {
		return cty.NilVal, nil
	}
	h, _ := c.cause(c.args[0])
	return c.holes.Open(v, h), nil
}

func argError(i int, format string, args ...any) (cty.Value, error) {
	return cty.NilVal, function.NewArgErrorf(i, format, args...)
}
