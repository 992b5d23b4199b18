package function

import (
	"errors"
	"regexp"
	"strings"
)

// globDepth returns how many directory levels a pattern can match, or -1 for any number.
func globDepth(pattern string) int {
	if strings.Contains(pattern, "**") || strings.Contains(pattern, "{") {
		return -1
	}
	return strings.Count(pattern, "/")
}

// glob compiles a pattern with `*`, `?`, `[…]`, `{a,b}`, and `**` as a whole segment for any number of directories.
func glob(pattern string) (func(string) bool, error) {
	if len(pattern) > 10_000 {
		return nil, errBadPattern
	}
	for strings.HasPrefix(pattern, "./") {
		pattern = strings.TrimLeft(pattern[2:], "/")
	}
	source, err := globExpression(pattern)
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile("^" + source + "$")
	if err != nil {
		return nil, errBadPattern
	}
	return re.MatchString, nil
}

var errBadPattern = errors.New("syntax error in pattern")

func globExpression(pattern string) (string, error) {
	var out strings.Builder
	braces := 0
	for i := 0; i < len(pattern); {
		rest := pattern[i:]
		segment := i == 0 || strings.ContainsRune("/{,", rune(pattern[i-1]))
		switch c := pattern[i]; {
		case segment && strings.HasPrefix(rest, "**/"):
			out.WriteString("(?:[^/]+/)*")
			i += 3
		case segment && rest == "**":
			out.WriteString(".*")
			i += 2
		case c == '*':
			out.WriteString("[^/]*")
			i += len(rest) - len(strings.TrimLeft(rest, "*"))
		case c == '?':
			out.WriteString("[^/]")
			i++
		case c == '\\':
			if i+1 == len(pattern) {
				return "", errBadPattern
			}
			out.WriteString(regexp.QuoteMeta(pattern[i+1 : i+2]))
			i += 2
		case c == '[':
			end := strings.IndexByte(rest[1:], ']')
			if end < 1 {
				return "", errBadPattern
			}
			class := rest[1 : end+1]
			negate := strings.HasPrefix(class, "^") || strings.HasPrefix(class, "!")
			if negate {
				class = class[1:]
			}
			if class == "" {
				return "", errBadPattern
			}
			class = strings.NewReplacer("[", `\[`, "^", `\^`, "&", `\&`).Replace(class)
			if negate {
				out.WriteString("[^/" + class + "]")
			} else {
				out.WriteString("[" + class + "]")
			}
			i += end + 2
		case c == '{':
			braces++
			out.WriteString("(?:")
			i++
		case c == '}' && braces > 0:
			braces--
			out.WriteString(")")
			i++
		case c == ',' && braces > 0:
			out.WriteString("|")
			i++
		default:
			out.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			i++
		}
	}
	if braces > 0 {
		return "", errBadPattern
	}
	return out.String(), nil
}
