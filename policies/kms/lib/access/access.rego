# METADATA
# title: Actions that a statement leaves to a principal
# description: "The actions of an Allow, less what Denies of the same policy take away. `granted` are the actions that are granted for all unknown values, `possibly_granted` those that are granted for some of them."
package kms.lib.access

import data.kms.facts
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.scope
import data.kms.lib.truth

# METADATA
# description: "Everyone, as a principal that Denies are applied to."
everyone := {"kind": "everyone", "text": "*"}

# METADATA
# description: "Returns the principal that Denies are applied to if only principals of the owner are of interest: for everyone, a principal of that account."
as_owner(principal) := object.union(principal, {"kind": "root", "relation": "owner"}) if principal.kind == "everyone"

else := principal

# METADATA
# description: Returns the truth of a statement granting a principal any action.
grants_any(key, statement, principal) := truth.yes if {
	count(granted(key, statement, principal)) > 0
} else := truth.unknown(doubts(key, statement, principal, possible)) if {
	possible := possibly_granted(key, statement, principal)
	count(possible) > 0
} else := truth.no

granted(key, statement, principal) := _covered(statement.covers) - _possibly_denied(key, principal) if {
	policy.has_effect(statement, "Allow") == truth.yes
	not scope.never_matches(statement)
} else := set()

possibly_granted(key, statement, principal) := _covered(array.concat(statement.covers, statement.mayCover)) - _denied(
	key,
	principal,
) if {
	policy.has_effect(statement, "Allow") != truth.no
	not scope.never_matches(statement)
} else := set()

# METADATA
# description: Returns the truth of a statement granting a principal one action.
grants_action(key, statement, principal, action) := truth.no if {
	not facts.key_policy_actions[action]
} else := truth.yes if {
	action in statement.covers
	policy.has_effect(statement, "Allow") == truth.yes
	not scope.never_matches(statement)
	not _possibly_denied(key, principal)[action]
} else := truth.unknown(doubts(key, statement, principal, {action})) if {
	policy.covers(statement, action) != truth.no
	policy.has_effect(statement, "Allow") != truth.no
	not scope.never_matches(statement)
	not _denied(key, principal)[action]
} else := truth.no

# METADATA
# description: "Returns the causes of it being unknown whether a statement grants a principal some actions: its own effect and actions, and the Denies that may take them away."
doubts(key, statement, principal, actions) := (truth.causes({policy.has_effect(statement, "Allow")}) | own) | denies if {
	own := truth.causes({policy.covers(statement, action) | some action in actions})
	denies := truth.causes({force |
		some deny in key.policy.statements
		deny.effect != "Allow"
		some action in actions
		force := truth.every_of({_takes_effect(deny, principal), policy.covers(deny, action)})
	})
}

# A key policy cannot grant actions that are not about a key, such as CreateKey.
_covered(actions) := {action | some action in actions} & facts.key_policy_actions

_denied(key, principal) := {action |
	some deny in key.policy.statements
	deny.effect == "Deny"
	_takes_effect(deny, principal) == truth.yes
	some action in deny.covers
}

_possibly_denied(key, principal) := {action |
	some deny in key.policy.statements
	deny.effect != "Allow"
	_takes_effect(deny, principal) != truth.no
	some action in array.concat(deny.covers, deny.mayCover)
}

# The truth of a Deny taking its actions from a principal.
_takes_effect(deny, principal) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	covers_principal(deny, principal),
	scope.deny_applies(deny, principal),
})

# METADATA
# description: Returns the truth of a Deny covering a principal.
covers_principal(deny, principal) := truth.negate(truth.any_of({_is_exempted_by(q, principal) | some q in deny.principals})) if {
	deny.notPrincipal
} else := truth.any_of({_includes(q, principal) | some q in deny.principals})

# The truth of a principal of a Deny including another principal.
_includes(q, principal) := truth.yes if {
	q.kind == "everyone"
} else := truth.unknown(causes.principal(q)) if {
	q.kind == "unknown"
} else := policy.same_account(q, principal) if {
	q.kind == "root"
	principal.relation
} else := truth.from(_is_same(q, principal))

# The truth of NotPrincipal exempting some principal that another one represents: a root represents its whole account.
_is_exempted_by(q, principal) := truth.yes if {
	q.kind == "everyone"
} else := truth.no if {
	principal.kind == "everyone"
} else := truth.unknown(causes.principal(q)) if {
	q.kind == "unknown"
} else := policy.same_account(q, principal) if {
	q.relation
	principal.kind in {"root", "iam"}
} else := truth.from(_is_same(q, principal))

_is_same(q, principal) if {
	q.kind == principal.kind
	q.text == principal.text
} else := false
