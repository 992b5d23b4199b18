package function

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// digest is a hash function with its encoding. Terraform has one function for strings and one for files.
type digest struct {
	stringName, fileName string
	hash                 func() hash.Hash
	write                func([]byte) string
}

var digests = []digest{
	{"md5", "filemd5", md5.New, hex.EncodeToString},
	{"sha1", "filesha1", sha1.New, hex.EncodeToString},
	{"sha256", "filesha256", sha256.New, hex.EncodeToString},
	{"sha512", "filesha512", sha512.New, hex.EncodeToString},
	{"base64sha256", "filebase64sha256", sha256.New, base64.StdEncoding.EncodeToString},
	{"base64sha512", "filebase64sha512", sha512.New, base64.StdEncoding.EncodeToString},
}

func (d digest) of(data []byte) string {
	h := d.hash()
	h.Write(data)
	return d.write(h.Sum(nil))
}

const afterApply = "known only after apply"

func (l *library) defineDigests() {
	for _, d := range digests {
		l.define(d.stringName, stringFunction("str", func(s string) (string, error) { return d.of([]byte(s)), nil }), nil)
	}
	l.define("uuid", typedFunction(cty.String, nil), l.differentEachCall)
	cost := param("cost", cty.Number)
	l.define("bcrypt", function.New(&function.Spec{
		Params:   []function.Parameter{param("str", cty.String)},
		VarParam: &cost,
		Type:     function.StaticReturnType(cty.String),
	}), l.differentEachCall)
	// Keywarden does not read private keys in Terraform source.
	l.define("rsadecrypt", signature([]function.Parameter{param("ciphertext", cty.String), param("privatekey", cty.String)}, nil),
		func(c *call) (cty.Value, error) {
			return c.holes.StringValue(hole.Hole{Reason: "Keywarden does not decrypt values", Expression: "rsadecrypt(…)"}).Mark(Sensitive{}), nil
		})
	l.define("uuidv5", typedFunction(cty.String, uuidv5, param("namespace", cty.String), param("name", cty.String)), nil)
}

// differentEachCall returns a new hole for every call.
func (l *library) differentEachCall(c *call) (cty.Value, error) {
	l.serial++
	h := hole.Hole{Reason: afterApply, Expression: c.describe(c.texts()...)}
	if l.serial > 1 {
		h.Expression = fmt.Sprintf("%s #%d", h.Expression, l.serial)
	}
	return c.withArgumentMarks(c.holes.StringValue(h)), nil
}

var namespaces = map[string]string{
	"dns":  "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"url":  "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
	"oid":  "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
	"x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}

func uuidv5(args []cty.Value) (cty.Value, error) {
	namespace := args[0].AsString()
	text, ok := namespaces[namespace]
	if !ok {
		text = namespace
	}
	var space []byte
	if len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		space, _ = hex.DecodeString(text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:])
	}
	if len(space) != 16 {
		problem := "invalid UUID format"
		if len(text) != 36 {
			problem = fmt.Sprintf("invalid UUID length: %d", len(text))
		}
		return cty.NilVal, fmt.Errorf("uuidv5() doesn't support namespace %s (%s)", namespace, problem)
	}
	sum := sha1.Sum(append(space, args[1].AsString()...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return cty.StringVal(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])), nil
}
