# METADATA
# title: Words in descriptions and tags
# description: "Whether somebody said what a key is for."
package kms.lib.words

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: "Whether a description mentions one of the words: whole words, without case, hyphen and space alike. Of a description with unknown parts the known ones are read, where they hold a word at all."
mentions(description, words) := truth.unknown if {
	_wholly_unknown(description)
} else := truth.from(_holds(concat(" ", description.knownParts), words)) if {
	is_object(description)
} else := truth.from(_holds(description, words)) if {
	is_string(description)
} else := truth.no

_wholly_unknown(description) if value.is_unknown(description)

_wholly_unknown(description) if not regex.match("[A-Za-z0-9]", concat("", description.knownParts))

_holds(text, words) if regex.match($"(?i)(^|[^a-z0-9])({_any(words)})([^a-z0-9]|$)", text)

else := false

_any(words) := concat("|", [concat(`[-\s]+`, split(word, " ")) | some word in words])

# METADATA
# description: "Whether one of the tags is there, with a value; tags compare without case."
tagged(tags, names) := truth.unknown if {
	value.is_unknown(tags)
} else := truth.yes if {
	some name, content in tags
	lower(name) in {lower(wanted) | some wanted in names}
	content != ""
} else := truth.no
