# METADATA
# title: Purpose of a key
# description: "Finds a stated purpose in the description and the tags of a key."
package kms.lib.purpose

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: "Returns the truth of a description mentioning one of some words: whole words, without case, with a hyphen or a space. If parts of the description are unknown, the known parts decide, provided that they contain any word."
mentions(description, words) := truth.unknown({value.cause(description)}) if {
	value.is_unknown(description)
} else := truth.unknown(value.causes_in([description.text], "the description")) if {
	is_object(description)
	not regex.match("[A-Za-z0-9]", concat("", description.knownParts))
} else := truth.from(_contains_any(concat(" ", description.knownParts), words)) if {
	is_object(description)
} else := truth.from(_contains_any(description, words)) if {
	is_string(description)
} else := truth.no

_contains_any(text, words) if regex.match($"(?i)(^|[^a-z0-9])({_pattern(words)})([^a-z0-9]|$)", text)

else := false

_pattern(words) := concat("|", [concat(`[-\s]+`, split(word, " ")) | some word in words])

# METADATA
# description: "Returns the truth of one of some tags being present with a value. Tags are compared without case."
is_tagged(tags, names) := truth.unknown({value.cause(tags)}) if {
	value.is_unknown(tags)
} else := truth.yes if {
	some name, content in tags
	lower(name) in {lower(wanted) | some wanted in names}
	content != ""
} else := truth.no
