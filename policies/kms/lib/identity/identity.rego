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
# description: "Returns the truth of a statement allowing an action on every key, or on every key that NotResource does not name: no condition restricts it, and no Deny takes the action back."
gives_on_every_key(holder, statement, action) := _gives(holder, statement, {action})

# METADATA
# description: Returns the truth of a statement allowing every action on every key.
full_access(holder, statement) := truth.no if {
	exempts_keys(statement)
} else := _gives(holder, statement, facts.key_policy_actions)

# METADATA
# description: "Holds if the statement allows or denies actions on every key except those that NotResource names."
exempts_keys(statement) if {
	statement.notResource
	some target in statement.targets
	target.kind in {"key", "every-key"}
}

_gives(holder, statement, actions) := truth.every_of({
	value.is(statement.effect, "Allow"),
	truth.from(_can_match(statement)),
	truth.from(_grants(holder)),
	_is_for_every_key(statement),
	_covers_all(statement, actions),
	truth.negate(_is_restricted(statement)),
	truth.negate(_is_denied(holder, statement, actions)),
})

# A permissions boundary limits what other policies grant, and grants nothing itself.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
_grants(holder) := false if {
	holder.onlyBoundary
} else := true

_can_match(statement) := false if {
	scope.never_matches(statement)
} else := true

_is_for_every_key(statement) := _leaves_keys(statement) if {
	statement.notResource
} else := truth.yes if {
	some target in statement.targets
	target.kind == "every-key"
} else := _unknown_target(statement)

# NotResource leaves every key that it doesn't name, unless it names the keys of all Regions.
_leaves_keys(statement) := truth.no if {
	some target in statement.targets
	_is_for_all_regions(target)
} else := truth.negate(_unknown_target(statement))

_unknown_target(statement) := truth.unknown(value.causes_in(unknown, "the Resource of the statement")) if {
	unknown := [target.text | some target in statement.targets; target.kind == "unknown"]
	count(unknown) > 0
} else := truth.no

_is_for_all_regions(target) if {
	target.kind == "every-key"
	not _names_region(target.text)
}

_names_region(text) if {
	contains(text, ":kms:")
	not regex.match(`:kms:\*+(:|$)`, text)
}

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
	"aws:resourceaccount",
}

_limits_keys(key) if startswith(key, "aws:resourcetag/")

_limits_keys(key) if startswith(key, "kms:encryptioncontext:")

_is_denied(holder, statement, actions) := truth.any_of({force |
	some deny in holder.statements
	deny.effect != "Allow"
	force := truth.every_of({
		value.is(deny.effect, "Deny"),
		_denies_keys_of(deny, statement),
		_covers_all(deny, actions),
		truth.every_of({_exempts_narrowly(c) | some c in deny.conditions}),
	})
})

# A Deny counts if it is for the keys of all Regions, or for those that the Allow names.
_denies_keys_of(deny, statement) := _leaves_keys(deny) if {
	deny.notResource
} else := truth.yes if {
	some target in deny.targets
	_is_for_all_regions(target)
} else := truth.yes if {
	denied := {target.text | some target in deny.targets}
	not statement.notResource
	every target in statement.targets {
		_is_denied_target(target, denied)
	}
} else := _unknown_target(deny)

_is_denied_target(target, _) if target.kind != "every-key"

_is_denied_target(target, denied) if denied[target.text]

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
