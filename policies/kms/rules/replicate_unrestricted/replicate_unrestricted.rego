# METADATA
# title: Key replication allowed into any Region
# description: "A principal that can replicate a key without a Region condition can copy its key material to any Region. Your controls may not cover that Region."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   level: note
#   category: multi-region
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: List the allowed Regions in conditions on `kms:ReplicaRegion` and `kms:PrimaryRegion`.
#   snippets:
#     policy: |
#       "Condition": {"StringEquals": {"kms:ReplicaRegion": ["eu-west-1", "eu-central-1"]}}
#     cloudformation: |
#       Condition:
#         StringEquals:
#           kms:ReplicaRegion: [eu-west-1, eu-central-1]
#     terraform: |
#       Condition = { StringEquals = { "kms:ReplicaRegion" = ["eu-west-1", "eu-central-1"] } }
package kms.rules.replicate_unrestricted

import data.kms.lib.access
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow leaves a principal other than the account root principal with an unrestricted replication
#   action. ReplicateKey requires a condition on `kms:ReplicaRegion`, and UpdatePrimaryRegion requires one on
#   `kms:PrimaryRegion`.
# custom:
#   exceptions:
#   - The account root principal.
#   - A Deny for every other Region, as with StringNotEquals on `kms:ReplicaRegion`.
#   - Principals with `kms:*`, which `full_access` and `cross_account_delegation` report.
#   - Keys that are known to be single-Region keys.
#   when_not: Turn this rule off if a service control policy restricts the Regions.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action] in _candidates
	_verdict(key, statement, principal, action) == truth.yes
	message := $"{result.subject(statement)} allows {principal.text} kms:{action} to any Region: no condition restricts {_key_of[action]}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action] in _candidates
	policy.is_resolved(key)
	verdict := _verdict(key, statement, principal, action)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows {principal.text} kms:{action} to any Region"
	message := result.cannot_tell(question, verdict)
}

_key_of := {"ReplicateKey": "kms:ReplicaRegion", "UpdatePrimaryRegion": "kms:PrimaryRegion"}

_verdict(key, statement, principal, action) := truth.every_of({
	access.grants_action(key, statement, principal, action),
	_is_principal(principal),
	truth.negate(truth.any_of({_restricts(c, action) | some c in statement.conditions})),
	truth.negate(truth.any_of({_imposes_restriction(deny, principal, action) | some deny in key.policy.statements})),
})

# An unknown principal may be the account root.
_is_principal(principal) := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.yes

_restricts(c, action) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := scope.has_narrow_values(c) if {
	c.key == lower(_key_of[action])

	# Every request of the action carries the condition key.
	scope.requires_key(c, {c.key})
} else := truth.no

# A Deny for every other Region restricts as well. Each of its conditions has to: the Deny does not apply to requests for
# which one of them is false.
_imposes_restriction(deny, principal, action) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	policy.covers(deny, action),
	access.covers_principal(deny, principal),
} | {_exempts(c, action) | some c in deny.conditions}) if {
	count(deny.conditions) > 0
} else := truth.no

_exempts(c, action) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := scope.exempts_narrowly(c) if {
	c.key == lower(_key_of[action])
} else := truth.no

_candidates := [[key, statement, principal, action] |
	some key in policy.readable
	_may_replicate(key)
	some statement in key.policy.statements
	not policy.has_full_wildcard(statement)
	some principal in policy.principals(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "federated"}
	some action in ["ReplicateKey", "UpdatePrimaryRegion"]
]

_may_replicate(key) if {
	value.is(object.get(key, ["properties", "multiRegion"], true), false) != truth.yes
}
