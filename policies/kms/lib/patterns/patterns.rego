# METADATA
# title: Patterns of resource names
# description: "Rule settings name resources by patterns: `*` matches any characters, everything else matches itself."
package kms.lib.patterns

# METADATA
# description: "Holds if a name matches one of the patterns. The dots and brackets of an address would be special in a glob; here they are not."
match_any(patterns, name) if {
	some pattern in patterns
	parts := [$`\Q{part}\E` | some part in split(pattern, "*")]
	regex.match($"^{concat(".*", parts)}$", name)
}
