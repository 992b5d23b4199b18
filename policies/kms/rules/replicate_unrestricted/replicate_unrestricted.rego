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
#   - Everyone without a restriction, which `public_access` reports.
#   - Principals with `kms:*`, which `full_access` and `cross_account_delegation` report.
#   - Keys that are known to be single-Region keys.
#   when_not: Turn this rule off if a service control policy restricts the Regions.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows {result.principal(principal)} kms:{action} to any Region: no condition restricts {_key_of[action]}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, action, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows {result.principal(principal)} kms:{action} to any Region"
	message := result.cannot_tell(question, verdict)
}

_key_of := {"ReplicateKey": "kms:ReplicaRegion", "UpdatePrimaryRegion": "kms:PrimaryRegion"}

_verdicts := [[key, statement, principal, action, verdict] |
	some [key, statement, index, principal] in policy.principals
	_may_replicate(key)
	not policy.has_full_wildcard(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "federated", "everyone"}
	some action, _ in _key_of
	verdict := truth.every_of({
		access.truth_of(statement, index, "anyRegion", action),
		_is_principal(principal),
		policy.is_not_root(principal),
		# `public_access` covers everyone without a condition.
		truth.negate(access.truth_of(statement, index, "public", action)),
	})
]

# An unknown principal may be the account root.
_is_principal(principal) := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.yes

_may_replicate(key) if {
	value.is(object.get(key, ["properties", "multiRegion"], true), false) != truth.yes
}
