package function

import (
	"strings"

	"github.com/keywarden/keywarden/terraform/internal/hole"
)

// possibleCharacters returns a predicate for the characters that a hole can contain, or nil if they are unknown. A
// hole with a predicate is never empty.
func possibleCharacters(h hole.Hole) func(rune) bool {
	l := h.Leaf
	if l == nil || !strings.HasPrefix(l.Type, "aws_") {
		return nil
	}
	of := func(set string) func(rune) bool {
		return func(r rune) bool { return strings.ContainsRune(set, r) }
	}
	const digits, lower = "0123456789", "abcdefghijklmnopqrstuvwxyz"
	switch {
	case l.Data && l.Type == "aws_caller_identity" && (l.Attribute == "account_id" || l.Attribute == "id"):
		return of(digits)
	case l.Data && l.Type == "aws_partition" && (l.Attribute == "partition" || l.Attribute == "id"),
		l.Data && l.Type == "aws_region" && (l.Attribute == "name" || l.Attribute == "id" || l.Attribute == "region"):
		return of(lower + digits + "-")
	case l.Data && l.Type == "aws_partition" && l.Attribute == "dns_suffix":
		return of(lower + digits + ".-")
	case l.Type == "aws_kms_key" && (l.Attribute == "key_id" || l.Attribute == "id"):
		return of(lower + digits + "-")
	case l.Type == "aws_kms_key" && l.Attribute == "arn":
		return of(lower + digits + "-:/")
	case l.Attribute == "arn" || strings.HasSuffix(l.Attribute, "_arn"):
		return func(r rune) bool { return r > ' ' && r < 0x7f }
	}
	return nil
}

// excludesCharacters reports whether a hole certainly contains no character of a kind.
func excludesCharacters(h hole.Hole, kind func(rune) bool) bool {
	may := possibleCharacters(h)
	if may == nil {
		return false
	}
	for r := rune(0); r < 0x80; r++ {
		if may(r) && kind(r) {
			return false
		}
	}
	return true
}
