# METADATA
# title: Statements of key policies
# description: "What statements say, before conditions and Denies are weighed."
package kms.lib.policy

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: Keys whose policy can be read, at least in parts.
readable := [key |
	some key in input.keys
	key.policy.state in ["resolved", "partial"]
]

# METADATA
# description: "Whether an unknown verdict about a policy is a finding of its own. Of a policy that apply still has to read, `policy_unresolved` speaks for all rules."
certain(key) if key.policy.state == "resolved"

# METADATA
# description: Whether a statement is of an effect on this key.
has_effect(statement, effect) := truth.every_of({
	value.is(statement.effect, effect),
	_on_key[statement.matchesKey],
})

_on_key := {"yes": truth.yes, "no": truth.no, "unknown": truth.unknown}

# METADATA
# description: "Whether the statement writes `kms:*` or `*`."
full(statement) if {
	not statement.notAction
	some action in statement.actions
	lower(action.text) in {"*", "kms:*"}
}

# METADATA
# description: "The principals of an Allow by their name: none where NotPrincipal turns them around."
principals(statement) := [p | some p in statement.principals] if not statement.notPrincipal

else := []

# METADATA
# description: Whether a statement covers an action.
covers(statement, action) := truth.yes if {
	action in statement.covers
} else := truth.unknown if {
	action in statement.mayCover
} else := truth.no

# METADATA
# description: "Whether two principals, or a principal and a condition's value, are of one account."
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
} else := truth.unknown

# METADATA
# description: Whether a principal is of the owner's account.
is_owners(principal) := _owners[object.get(principal, "relation", "none")]

# METADATA
# description: "Whether a principal is other than the root of its account. An ARN that ends in what is not known may be the root's, one that a resource has is not."
not_root(principal) := truth.unknown if {
	principal.kind == "iam"
	not regex.match(`^⟨[^⟨⟩]*⟩$`, principal.text)
} else := truth.from(principal.kind != "root")

# METADATA
# description: Whether a principal is of another account than the owner's.
is_external(principal) := _external[object.get(principal, "relation", "none")] if {
	principal.kind in {"root", "user", "role", "assumed-role", "federated-user", "iam", "unknown"}
} else := truth.no

_owners := {"owner": truth.yes, "external": truth.no, "unknown": truth.unknown, "none": truth.no}

_external := {"owner": truth.no, "external": truth.yes, "unknown": truth.unknown, "none": truth.no}
