# METADATA
# title: Statements of key policies
# description: The content of statements, before conditions and Denies are considered.
package kms.lib.policy

import data.kms.lib.causes
import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: "Keys with a policy that can be read, at least in parts."
readable := [key |
	some key in input.keys
	key.policy.state in ["resolved", "partial"]
]

# METADATA
# description: "Holds if an unknown verdict about the policy is a finding. For a policy that is read during apply, `policy_unresolved` is the only one."
is_resolved(key) if key.policy.state == "resolved"

# METADATA
# description: "Returns the truth of a statement having an effect, Allow or Deny, on this key."
has_effect(statement, effect) := truth.yes if {
	statement.effect == effect
	statement.matchesKey == "yes"
} else := truth.every_of({value.is(statement.effect, effect), matches_key(statement)})

# METADATA
# description: Returns the truth of a statement's Resource matching the key.
matches_key(statement) := statement.matchesKey if {
	statement.matchesKey != "unknown"
} else := truth.unknown(causes.resources(statement))

# METADATA
# description: "Holds if the statement contains the action `kms:*` or `*`."
has_full_wildcard(statement) if {
	not statement.notAction
	some action in statement.actions
	lower(action.text) in {"*", "kms:*"}
}

# METADATA
# description: "Returns the principals that a statement names as its principals: none under NotPrincipal, which names the others."
principals(statement) := [p | some p in statement.principals] if not statement.notPrincipal

else := []

# METADATA
# description: Returns the truth of a statement covering an action.
covers(statement, action) := truth.yes if {
	action in statement.covers
} else := truth.unknown(causes.actions(statement)) if {
	action in statement.mayCover
} else := truth.no

# METADATA
# description: "Returns the truth of two principals, or a principal and a condition value, being in the same account."
same_account(a, b) := truth.yes if {
	a.account == b.account
} else := truth.yes if {
	a.relation == "owner"
	b.relation == "owner"
} else := truth.no if {
	is_string(a.account)
	is_string(b.account)
} else := truth.no if {
	{a.relation, b.relation} == {"owner", "external"}
} else := truth.unknown(_unknown_accounts([a, b]))

_unknown_accounts(names) := found if {
	found := {value.cause(named.account) | some named in names; value.is_unknown(named.account)}
	count(found) > 0
} else := union({causes.account(named) | some named in names; not _has_account(named)})

_has_account(named) if is_string(named.account)

# METADATA
# description: Returns the truth of a principal being in the account that owns the key.
is_in_owner_account(principal) := truth.unknown(causes.account(principal)) if {
	principal.relation == "unknown"
} else := truth.from(object.get(principal, "relation", "none") == "owner")

# METADATA
# description: "Returns the truth of a principal being other than the root of its account. An ARN that ends in an unknown part may be the root's."
is_not_root(principal) := truth.unknown(causes.principal(principal)) if {
	principal.kind == "iam"
} else := truth.from(principal.kind != "root")

# METADATA
# description: Returns the truth of a principal being in another account than the owner's.
is_external(principal) := truth.no if {
	not principal.kind in {"root", "user", "role", "assumed-role", "federated-user", "iam", "unknown"}
} else := truth.unknown(causes.account(principal)) if {
	principal.relation == "unknown"
} else := truth.from(object.get(principal, "relation", "none") == "external")
