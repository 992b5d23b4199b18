# METADATA
# title: What a rule reports
# description: "Findings of one entity; `kms.main` adds what the rule's METADATA says."
package kms.lib.result

import data.kms.lib.policy
import data.kms.lib.value

# METADATA
# description: A finding at a place of an entity.
at(entity, location, message) := {
	"entity": entity.id,
	"resource": entity.resource,
	"type": entity.type,
	"file": entity.location.file,
	"assumptions": object.get(entity, ["variant", "assumptions"], []),
	"total": object.get(entity, ["variant", "total"], 1),
	"location": location,
	"statement": null,
	"message": message,
}

# METADATA
# description: A finding at a field of an entity, or at the entity where the field is not given.
at_field(entity, field, message) := at(entity, object.get(entity.locations, field, entity.location), message)

# METADATA
# description: A finding at a key's policy as a whole.
at_policy(key, message) := at(key, object.get(key.policy, "location", key.location), message)

# METADATA
# description: "A finding at a statement. `location` may be a part of it."
at_statement(key, statement, location, message) := object.union(
	at(key, location, message),
	{"statement": label(statement)},
)

# METADATA
# description: The name of a statement, its Sid or its place.
label(statement) := statement.sid if {
	is_string(statement.sid)
	statement.sid != ""
} else := $"#{statement.index + 1}"

# METADATA
# description: A statement as the subject of a sentence.
name(statement) := $"Statement \"{statement.sid}\"" if {
	is_string(statement.sid)
	statement.sid != ""
} else := $"Statement {statement.index + 1}"

# METADATA
# description: A few words of a list, for people.
some_of(words) := concat(", ", sort(words)) if {
	count(words) <= 4
} else := $"{concat(", ", array.slice(sort(words), 0, 4))} and {count(words) - 4} more"

# METADATA
# description: "What a statement grants, for people: `kms:*` where that is written, else the actions."
granted(statement, actions) := "kms:*" if {
	policy.full(statement)
	count(actions) > 0
} else := some_of([$"kms:{action}" | some action in actions])

# METADATA
# description: What is not known among some settings, for people.
unknowns(properties, fields) := concat("; ", sort({_why(properties[field]) | some field in fields}))

_why(content) := value.why(content) if value.is_unknown(content)

_why(content) := $"of `{content.text}` only parts are known" if is_array(content.knownParts)
