package function

import (
	"regexp"
	"strings"
)

var reference = regexp.MustCompile(`(?m)(?:^|[\s\[{,])([&*])([^\s\[\]{},]+)`)

// aliasExpansion estimates how many bytes the aliases of a YAML document add when expanded, up to limit. A few lines
// of nested aliases can expand to billions of values.
func aliasExpansion(text string, limit int) int {
	type anchor struct{ end, size int }
	anchors := map[string]*anchor{}
	var pending []*anchor
	total := 0
	for _, match := range reference.FindAllStringSubmatchIndex(text, -1) {
		start, name := match[2], text[match[4]:match[5]]
		open := pending[:0]
		for _, a := range pending {
			if a.end > start {
				open = append(open, a)
			}
		}
		pending = open
		if text[start] == '&' {
			end := anchoredEnd(text, match[5])
			a := &anchor{end: end, size: end - match[5]}
			anchors[name] = a
			pending = append(pending, a)
			continue
		}
		if a := anchors[name]; a != nil {
			for _, around := range pending {
				around.size = min(around.size+a.size, limit+1)
			}
			total += a.size
		}
		if total > limit {
			break
		}
	}
	return total
}

// anchoredEnd returns the end offset of the value that an anchor names.
func anchoredEnd(text string, start int) int {
	line := text[strings.LastIndexByte(text[:start], '\n')+1:]
	indent := len(line) - len(strings.TrimLeft(line, " "))
	rest := text[start:]
	value := strings.TrimLeft(rest, " ")
	if strings.HasPrefix(value, "[") || strings.HasPrefix(value, "{") {
		depth := 0
		for i := start; i < len(text); i++ {
			switch text[i] {
			case '[', '{':
				depth++
			case ']', '}':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
		return len(text)
	}
	// A block continues while lines have more indentation, or are list items with equal indentation.
	end := start
	for i, next := range strings.SplitAfter(rest, "\n") {
		trimmed := strings.TrimLeft(next, " ")
		deeper := len(next)-len(trimmed) > indent || strings.HasPrefix(trimmed, "- ") && len(next)-len(trimmed) == indent && !strings.HasPrefix(line[indent:], "-")
		if i > 0 && !deeper && strings.TrimSpace(next) != "" {
			break
		}
		end += len(next)
	}
	return end
}
