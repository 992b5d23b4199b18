# METADATA
# title: What a statement leaves a principal with
# description: "The actions of an Allow after the Denies of the same policy. `sure` are those that are granted whatever the unknown values are, `possible` those that are granted for some of them."
package kms.lib.access

import data.kms.facts
import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.truth

# METADATA
# description: Everyone, as a principal that Denies are weighed for.
everyone := {"kind": "everyone", "text": "*"}

# METADATA
# description: "For whom Denies are weighed where a principal of the owner is meant: for everyone, somebody of the account."
as_owner(principal) := object.union(principal, {"kind": "root", "relation": "owner"}) if principal.kind == "everyone"

else := principal

# METADATA
# description: Whether a statement leaves a principal with anything.
gives(key, statement, principal) := truth.yes if {
	count(sure(key, statement, principal)) > 0
} else := truth.unknown if {
	count(possible(key, statement, principal)) > 0
} else := truth.no

sure(key, statement, principal) := _covered(statement.covers) - _denied_possibly(key, principal) if {
	policy.has_effect(statement, "Allow") == truth.yes
	not fence.never_matches(statement)
} else := set()

possible(key, statement, principal) := _covered(array.concat(statement.covers, statement.mayCover)) - _denied_surely(
	key,
	principal,
) if {
	policy.has_effect(statement, "Allow") != truth.no
	not fence.never_matches(statement)
} else := set()

# METADATA
# description: Whether a statement leaves a principal with one action.
grants(key, statement, principal, action) := truth.no if {
	not facts.key_policy_actions[action]
} else := truth.yes if {
	action in statement.covers
	policy.has_effect(statement, "Allow") == truth.yes
	not fence.never_matches(statement)
	not _denied_possibly(key, principal)[action]
} else := truth.unknown if {
	policy.covers(statement, action) != truth.no
	policy.has_effect(statement, "Allow") != truth.no
	not fence.never_matches(statement)
	not _denied_surely(key, principal)[action]
} else := truth.no

# A key policy gives nothing of what is not about a key, such as CreateKey.
_covered(actions) := {action | some action in actions} & facts.key_policy_actions

_denied_surely(key, principal) := {action |
	some deny in key.policy.statements
	deny.effect == "Deny"
	_force(deny, principal) == truth.yes
	some action in deny.covers
}

_denied_possibly(key, principal) := {action |
	some deny in key.policy.statements
	deny.effect != "Allow"
	_force(deny, principal) != truth.no
	some action in array.concat(deny.covers, deny.mayCover)
}

# Whether a Deny takes its actions from a principal.
_force(deny, principal) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	meant(deny, principal),
	fence.applies(deny, principal),
})

# METADATA
# description: Whether a principal is among those that a Deny is for.
meant(deny, principal) := truth.negate(truth.any_of({_spared(q, principal) | some q in deny.principals})) if {
	deny.notPrincipal
} else := truth.any_of({_is(q, principal) | some q in deny.principals})

# Whether a principal is one that another names.
_is(q, principal) := truth.yes if {
	q.kind == "everyone"
} else := truth.unknown if {
	q.kind == "unknown"
} else := policy.same_account(q, principal) if {
	q.kind == "root"
	principal.relation
} else := truth.from(_same(q, principal))

# Whether NotPrincipal spares somebody of whom a principal stands for: a root stands for its whole account.
_spared(q, principal) := truth.yes if {
	q.kind == "everyone"
} else := truth.no if {
	principal.kind == "everyone"
} else := truth.unknown if {
	q.kind == "unknown"
} else := policy.same_account(q, principal) if {
	q.relation
	principal.kind in {"root", "iam"}
} else := truth.from(_same(q, principal))

_same(q, principal) if {
	q.kind == principal.kind
	q.text == principal.text
} else := false
