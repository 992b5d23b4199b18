# METADATA
# title: Names of resources in settings
# description: "Where a setting names resources: `*` stands for any characters, everything else for itself."
package kms.lib.names

# METADATA
# description: "Whether a name matches one of the patterns. Dots and brackets of an address mean nothing special, as they would in a glob."
any_of(patterns, name) if {
	some pattern in patterns
	parts := [$`\Q{part}\E` | some part in split(pattern, "*")]
	regex.match($"^{concat(".*", parts)}$", name)
}
