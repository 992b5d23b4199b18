# METADATA
# title: Statements of identity policies
# description: "What the IAM policies of identities give on every key. There is no principal: who has the policy has it all."
package kms.lib.identity

import data.kms.facts
import data.kms.lib.fence
import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: The policies of which statements can be read, each with one of them.
statements := [[holder, statement] |
	some holder in input.identityPolicies
	holder.state in {"resolved", "partial"}
	some statement in holder.statements
]

# METADATA
# description: "Whether an unknown verdict is a finding of its own: what apply still has to read may hold anything."
certain(holder) if holder.state == "resolved"

# METADATA
# description: Whether a statement gives an action on every key, without a condition that confines it, and no Deny takes it back.
gives_on_every_key(holder, statement, action) := _gives(holder, statement, {action})

# METADATA
# description: Whether a statement gives everything on every key.
full_access(holder, statement) := _gives(holder, statement, facts.key_policy_actions)

_gives(holder, statement, actions) := truth.every_of({
	value.is(statement.effect, "Allow"),
	truth.from(_can_match(statement)),
	_every_key(statement),
	_covers_all(statement, actions),
	truth.negate(_confined(statement)),
	truth.negate(_denied(holder, actions)),
})

_can_match(statement) := false if {
	fence.never_matches(statement)
} else := true

_every_key(statement) := truth.negate(truth.from(statement.notResource)) if {
	some target in statement.targets
	target.kind == "every-key"
} else := truth.unknown if {
	some target in statement.targets
	target.kind == "unknown"
} else := truth.from(statement.notResource) if {
	# Under NotResource a key that is named is the only one that is spared.
	every target in statement.targets {
		target.kind != "key"
	}
} else := truth.no

_covers_all(statement, actions) := truth.yes if {
	count(actions - {a | some a in statement.covers}) == 0
} else := truth.unknown if {
	count((actions - {a | some a in statement.covers}) - {a | some a in statement.mayCover}) == 0
} else := truth.no

_confined(statement) := truth.any_of({_confines(condition) | some condition in statement.conditions})

# What names the keys, what they are used for, or through which service.
_confines(condition) := truth.unknown if {
	condition.operator == "Unknown"
} else := fence.narrow_values(condition) if {
	_of_keys(condition.key)
	fence.demands(condition, {"aws:resourceaccount"})
} else := truth.no

_of_keys(key) if key in {
	"kms:viaservice",
	"kms:resourcealiases",
	"kms:requestalias",
	"kms:encryptioncontextkeys",
	"aws:resourceaccount",
}

_of_keys(key) if startswith(key, "aws:resourcetag/")

_of_keys(key) if startswith(key, "kms:encryptioncontext:")

_denied(holder, actions) := truth.any_of({force |
	some deny in holder.statements
	deny.effect != "Allow"
	force := truth.every_of({
		value.is(deny.effect, "Deny"),
		_every_key(deny),
		_covers_all(deny, actions),
		truth.every_of({_exempts_narrowly(c) | some c in deny.conditions}),
	})
})

# A Deny that spares what a confining condition would let through is one.
_exempts_narrowly(condition) := truth.unknown if {
	condition.operator == "Unknown"
} else := fence.exempts_narrowly(condition) if {
	_of_keys(condition.key)
} else := truth.no

# METADATA
# description: A statement as the subject of a sentence, with the name of its policy where a resource has several.
name(holder, statement) := $"{_label(statement)} of policy {holder.name}" if {
	holder.name
} else := _label(statement)

_label(statement) := $"Statement \"{statement.sid}\"" if {
	is_string(statement.sid)
	statement.sid != ""
} else := $"Statement {statement.index + 1}"

# METADATA
# description: "What is not known in a statement, for people."
why(statement) := $"`{text}` is not known" if {
	texts := array.concat(
		[t.text | some t in statement.targets; t.kind == "unknown"],
		[a.text | some a in statement.actions; a.unknown],
	)
	text := replace(replace(texts[0], "⟨", ""), "⟩", "")
} else := "it hangs on a value that is not known"
