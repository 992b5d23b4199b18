# METADATA
# title: Alias names
# description: "Whether an alias name is memorable, and which parts of it are placeholders."
package kms.lib.alias_name

# METADATA
# description: "Holds if a name has a word of at least three letters that is not generic, a UUID or a hash."
memorable(name) if {
	# Most names have a plain word, which is found without a pattern.
	bare := trim_prefix(name, "alias/")
	count(bare) < 32
	some word in split(replace(replace(bare, "/", "-"), "_", "-"), "-")
	count(word) >= 3
	trim(word, "abcdefghijklmnopqrstuvwxyz") == ""
	not _generic_words[word]
} else if {
	some token in regex.find_all_string_submatch_n(`[A-Za-z0-9]+`, _bare(name), -1)
	not _hash(token[0])
	some word in _words(_without_suffix(token[0]))
	count(word) >= 3
	not _generic_words[lower(word)]
}

# METADATA
# description: Returns the placeholders that another tool fills in.
placeholders(name) := [] if {
	not contains(name, "$")
	not contains(name, "{{")
} else := [found[0] |
	some found in regex.find_all_string_submatch_n(`\$\{[^}]*\}|\{\{.*?\}\}|\$[A-Z_][A-Z0-9_]*`, name, -1)
]

_generic_words := {
	"key", "kms", "cmk", "alias", "my", "the", "test", "temp", "tmp", "sample",
	"example", "demo", "foo", "bar", "baz", "new", "default",
}

# UUIDs are replaced by spaces.
_bare(name) := strings.replace_n({uuid[0]: " " | some uuid in _uuids(name)}, trim_prefix(name, "alias/"))

_uuids(name) := regex.find_all_string_submatch_n(
	`(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}`,
	name, -1,
)

_hash(token) if {
	regex.match(`^[0-9a-fA-F]{6,}$`, token)
	regex.match(`[0-9]`, token)
}

# The CDK appends a hash to the names that it generates: 8 digits to a logical ID, at least 16 to a physical name.
_without_suffix(token) := trim_suffix(token, suffix[1]) if {
	suffix := regex.find_all_string_submatch_n(`^.+?([0-9A-F]{8}|[0-9a-f]{16,})$`, token, 1)[0]
	regex.match(`[0-9]`, suffix[1])
} else := token

# A token is split at digits and at changes of case. Acronyms are kept: KMSKey is KMS and Key.
_words(token) := [_word(runs, i) | some i, _ in runs] if {
	runs := [run[0] | some run in regex.find_all_string_submatch_n(`[A-Z]+|[a-z]+|[0-9]+`, token, -1)]
}

# The last capital of a run belongs to the lower-case letters after it.
_word(runs, i) := concat("", [_last_capital(runs, i - 1), runs[i]]) if {
	regex.match(`[a-z]`, runs[i])
} else := substring(runs[i], 0, count(runs[i]) - 1) if {
	regex.match(`[A-Z]`, runs[i])
	regex.match(`[a-z]`, runs[i + 1])
} else := runs[i] if {
	regex.match(`[A-Z]`, runs[i])
} else := ""

_last_capital(runs, i) := substring(runs[i], count(runs[i]) - 1, 1) if {
	i >= 0
	regex.match(`[A-Z]`, runs[i])
} else := ""
