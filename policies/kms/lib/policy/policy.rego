# METADATA
# title: Statements of key policies
# description: The content of statements, before conditions and Deny statements are considered.
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
# description: "The entries of Principal and NotPrincipal in these keys: each with its key, its statement and its position, by which `kms.lib.access` finds what the statement allows the principal."
principals := [[key, statement, index, principal] |
	some key in readable
	some statement in key.policy.statements
	some index, principal in statement.principals
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
# description: Returns the truth of a statement covering an action.
covers(statement, action) := truth.yes if {
	action in statement.covers
} else := truth.unknown(causes.actions(statement)) if {
	action in statement.mayCover
} else := truth.no

# METADATA
# description: "Returns the truth of a principal being other than the root of its account. An ARN that ends in an unknown part may be the root's."
is_not_root(principal) := truth.unknown(causes.principal(principal)) if {
	principal.kind == "iam"
} else := truth.from(principal.kind != "root")
