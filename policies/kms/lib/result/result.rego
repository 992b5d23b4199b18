# METADATA
# title: Results of rules
# description: "Builds the findings of one entity. `kms.main` adds the METADATA of the rule."
package kms.lib.result

import data.kms.lib.causes
import data.kms.lib.policy

# METADATA
# description: "Returns a finding at a location of an entity. `message` is a string, or the result of `cannot_tell`."
at(entity, location, message) := object.union(_at(entity, location, message), {"causes": message.causes}) if {
	is_object(message)
} else := _at(entity, location, message)

_at(entity, location, message) := {
	"entity": entity.id,
	"resource": entity.resource,
	"type": entity.type,
	"file": entity.location.file,
	"assumptions": object.get(entity, ["variant", "assumptions"], []),
	"total": object.get(entity, ["variant", "total"], 1),
	"location": location,
	"statement": null,
	"message": _text(message),
}

_text(message) := message.text if is_object(message)

_text(message) := message if is_string(message)

# METADATA
# description: Returns a finding at a field of an entity, or at the entity if the field has no location.
at_field(entity, field, message) := at(entity, object.get(entity.locations, field, entity.location), message)

# METADATA
# description: Returns a finding at the policy of a key.
at_policy(key, message) := at(key, object.get(key.policy, "location", key.location), message)

# METADATA
# description: "Returns a finding at a statement. `location` may be a part of the statement."
at_statement(key, statement, location, message) := object.union(
	at(key, location, message),
	{"statement": label(statement)},
)

# METADATA
# description: Returns the Sid of a statement, or its number.
label(statement) := statement.sid if {
	is_string(statement.sid)
	statement.sid != ""
} else := $"#{statement.index + 1}"

# METADATA
# description: Returns a statement as the subject of a sentence.
subject(statement) := $"Statement {_name(statement)}"

# METADATA
# description: Returns a statement as a part of a sentence.
statement(statement) := $"statement {_name(statement)}"

_name(statement) := $"\"{statement.sid}\"" if {
	is_string(statement.sid)
	statement.sid != ""
} else := $"{statement.index + 1}"

# METADATA
# description: Returns a principal as a noun phrase.
principal(principal) := "everyone who meets the conditions" if {
	principal.kind == "everyone"
} else := $"account {principal.account}" if {
	principal.kind == "root"
	is_string(principal.account)
} else := principal.text

# METADATA
# description: "Returns the message of an unknown verdict: the text says what Keywarden cannot tell and why, and `causes` are the causes that the truth carries, in words. Undefined if the truth is known, so that a rule cannot report an unknown verdict without its causes."
cannot_tell(question, truth) := {"text": $"Cannot tell whether {question}: {_listed(clauses)}.", "causes": clauses} if {
	clauses := sort(_distinct(causes.clauses(truth.unknown)))
}

_listed(clauses) := concat("; ", clauses) if {
	count(clauses) <= 3
} else := $"{concat("; ", array.slice(clauses, 0, 3))}; and {count(clauses) - 3} more"

# A clause with a reason makes the one without it redundant: "`var.x` is unknown (no default)", "`var.x` is unknown".
_distinct(clauses) := {clause | some clause in clauses; not _is_redundant(clause, explained)} if {
	explained := {_subject(clause) | some clause in clauses; not endswith(clause, "` is unknown")}
}

_is_redundant(clause, explained) if {
	endswith(clause, "` is unknown")
	explained[_subject(clause)]
}

_subject(clause) := split(clause, "` is ")[0]

# METADATA
# description: Returns at most four members of a list as text.
short_list(words) := concat("", sort(words)) if {
	count(words) <= 1
} else := $"{concat(", ", array.slice(sorted, 0, count(words) - 1))} and {sorted[count(words) - 1]}" if {
	count(words) <= 4
	sorted := sort(words)
} else := $"{concat(", ", array.slice(sort(words), 0, 4))} and {count(words) - 4} more"

# METADATA
# description: "Returns the actions that a statement grants as text: `kms:*` if the statement contains it."
action_list(statement, actions) := "kms:*" if {
	policy.has_full_wildcard(statement)
	count(actions) > 0
} else := short_list([$"kms:{action}" | some action in actions])
