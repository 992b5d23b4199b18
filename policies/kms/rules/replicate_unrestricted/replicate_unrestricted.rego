# METADATA
# title: Replication into any Region
# description: "Who may replicate a key without a condition on the Region can carry its material to Regions where your controls do not reach."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   level: note
#   category: multi-region
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Name the Regions that are meant, with kms:ReplicaRegion and kms:PrimaryRegion.
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
#   An Allow that leaves a principal other than the account root with ReplicateKey without a condition on
#   kms:ReplicaRegion, or with UpdatePrimaryRegion without one on kms:PrimaryRegion.
# custom:
#   exceptions:
#   - The account root.
#   - 'A Deny for every other Region, as with StringNotEquals on kms:ReplicaRegion.'
#   - Principals with kms:*, of which `full_access` and `cross_account_delegation` speak.
#   - Keys that are known to be single-Region.
#   when_not: A service control policy confines the Regions.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action] in _grants
	_verdict(key, statement, principal, action) == truth.yes
	message := $"{result.subject(statement)} allows {principal.text} kms:{action} to any Region: no condition restricts {_key_of[action]}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action] in _grants
	policy.is_resolved(key)
	verdict := _verdict(key, statement, principal, action)
	question := $"{result.statement(statement)} allows {principal.text} kms:{action} to any Region"
	message := result.cannot_tell(question, verdict)
}

_key_of := {"ReplicateKey": "kms:ReplicaRegion", "UpdatePrimaryRegion": "kms:PrimaryRegion"}

_verdict(key, statement, principal, action) := truth.every_of({
	access.grants_action(key, statement, principal, action),
	_is_principal(principal),
	truth.negate(truth.any_of({_confines(c, action) | some c in statement.conditions})),
	truth.negate(truth.any_of({_imposes(deny, principal, action) | some deny in key.policy.statements})),
})

# One that is not known as a whole may be the account root.
_is_principal(principal) := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.yes

_confines(c, action) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := scope.has_narrow_values(c) if {
	c.key == lower(_key_of[action])

	# Every request of the action carries it.
	scope.requires_key(c, {c.key})
} else := truth.no

# A Deny for every other Region confines as well. Each of its conditions has to do so: what any of them lets through is not
# denied.
_imposes(deny, principal, action) := truth.every_of({
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

_grants := [[key, statement, principal, action] |
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
