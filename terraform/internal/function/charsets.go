package function

import (
	"encoding/base64"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
)

func charset(name string) (encoding.Encoding, bool) {
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return nil, false
	}
	return e, true
}

// canonicalName returns the IANA name of an encoding, or the given name.
func canonicalName(e encoding.Encoding, given string) string {
	if name, err := ianaindex.IANA.Name(e); err == nil {
		return name
	}
	return given
}

func textEncode(args []cty.Value) (cty.Value, error) {
	name := args[1].AsString()
	e, ok := charset(name)
	if !ok {
		return argError(1, "%q is not a supported IANA encoding name or alias in this Terraform version", name)
	}
	out, err := e.NewEncoder().String(args[0].AsString())
	if err != nil {
		return argError(0, "the given string contains characters that cannot be represented in %s", canonicalName(e, name))
	}
	return cty.StringVal(base64.StdEncoding.EncodeToString([]byte(out))), nil
}

func textDecode(args []cty.Value) (cty.Value, error) {
	name := args[1].AsString()
	e, ok := charset(name)
	if !ok {
		return argError(1, "%q is not a supported IANA encoding name or alias in this Terraform version", name)
	}
	raw, err := base64.StdEncoding.DecodeString(args[0].AsString())
	if err != nil {
		if bad, ok := err.(base64.CorruptInputError); ok {
			return argError(0, "the given value is has an invalid base64 symbol at offset %d", int(bad))
		}
		return argError(0, "invalid source string: %s", err)
	}
	out, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return argError(0, "the given string contains symbols that are not defined for %s", canonicalName(e, name))
	}
	return cty.StringVal(string(out)), nil
}
