# METADATA
# title: Statements of IAM policies
# description: "What identity-based policies allow on every key. There is no principal: every identity that has the policy has all of its permissions."
package kms.lib.identity

import data.kms.facts
import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: "Statements of IAM policies that can be read, each with its policy."
statements := [[holder, statement] |
	some holder in input.identityPolicies
	holder.state in {"resolved", "partial"}
	some statement in holder.statements
]

# METADATA
# description: "Holds if an unknown verdict about the policy is a finding. A policy that is read during apply may contain anything."
is_resolved(holder) if holder.state == "resolved"

# METADATA
# description: "Returns the truth of a statement allowing an action on every key: no condition restricts it, and no Deny takes the action back."
gives_on_every_key(holder, statement, action) := _gives(holder, statement, {action})

# METADATA
# description: Returns the truth of a statement allowing every action on every key.
full_access(holder, statement) := _gives(holder, statement, facts.key_policy_actions)

_gives(holder, statement, actions) := truth.every_of({
	value.is(statement.effect, "Allow"),
	truth.from(_can_match(statement)),
	_is_for_every_key(statement),
	_covers_all(statement, actions),
	truth.negate(_is_restricted(statement)),
	truth.negate(_is_denied(holder, actions)),
})

_can_match(statement) := false if {
	scope.never_matches(statement)
} else := true

_is_for_every_key(statement) := truth.negate(truth.from(statement.notResource)) if {
	some target in statement.targets
	target.kind == "every-key"
} else := truth.unknown(value.causes_in(unknown, "the Resource of the statement")) if {
	unknown := [target.text | some target in statement.targets; target.kind == "unknown"]
	count(unknown) > 0
} else := truth.from(statement.notResource) if {
	# NotResource with a key exempts only that key.
	every target in statement.targets {
		target.kind != "key"
	}
} else := truth.no

_covers_all(statement, actions) := truth.yes if {
	count(actions - {a | some a in statement.covers}) == 0
} else := truth.unknown(causes.actions(statement)) if {
	count((actions - {a | some a in statement.covers}) - {a | some a in statement.mayCover}) == 0
} else := truth.no

_is_restricted(statement) := truth.any_of({_restricts(condition) | some condition in statement.conditions})

# These conditions limit the keys, their use, or the service that calls for the identity.
_restricts(condition) := truth.unknown(causes.condition(condition)) if {
	condition.operator == "Unknown"
} else := scope.has_narrow_values(condition) if {
	_limits_keys(condition.key)
	scope.requires_key(condition, {"aws:resourceaccount"})
} else := truth.no

_limits_keys(key) if key in {
	"kms:viaservice",
	"kms:resourcealiases",
	"kms:requestalias",
	"kms:encryptioncontextkeys",
	"aws:resourceaccount",
}

_limits_keys(key) if startswith(key, "aws:resourcetag/")

_limits_keys(key) if startswith(key, "kms:encryptioncontext:")

_is_denied(holder, actions) := truth.any_of({force |
	some deny in holder.statements
	deny.effect != "Allow"
	force := truth.every_of({
		value.is(deny.effect, "Deny"),
		_is_for_every_key(deny),
		_covers_all(deny, actions),
		truth.every_of({_exempts_narrowly(c) | some c in deny.conditions}),
	})
})

# A Deny that exempts only what a restricting condition would allow counts.
_exempts_narrowly(condition) := truth.unknown(causes.condition(condition)) if {
	condition.operator == "Unknown"
} else := scope.exempts_narrowly(condition) if {
	_limits_keys(condition.key)
} else := truth.no

# METADATA
# description: "Returns a statement as the subject of a sentence, with the name of its policy if the resource has several."
subject(holder, statement) := $"{result.subject(statement)} of policy {holder.name}" if {
	holder.name
} else := result.subject(statement)

# METADATA
# description: "Returns it as a part of a sentence."
statement(holder, statement) := $"{result.statement(statement)} of policy {holder.name}" if {
	holder.name
} else := result.statement(statement)
