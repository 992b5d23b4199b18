# METADATA
# title: Grant operation not supported by the key
# description: "AWS KMS rejects a grant with an operation that the key's spec and usage do not support. The deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
# custom:
#   level: error
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: List only operations that the key's spec and usage support.
#   snippets:
#     terraform: |
#       # For a symmetric encryption key
#       operations = ["Decrypt", "GenerateDataKey"]
#     kubernetes: |
#       spec:
#         operations: [Decrypt, GenerateDataKey]   # for a symmetric encryption key
package kms.rules.grant_operations_unfit

import data.kms.lib.grants
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a grant has an operation that a key with this spec and usage cannot perform, or operations that no
#   single key can perform together. The verdict is unknown when it depends on unknown operations, or on an unknown
#   spec or usage.
# custom:
#   exceptions:
#   - Keys whose spec and usage are an invalid combination, which `invalid_spec_usage` reports.
#   - CreateGrant, DescribeKey and RetireGrant, which every key supports.
#   when_not: Turn this rule off if AWS KMS supports operations that your version of Keywarden does not know yet.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	kinds := grants.kinds(grant)
	count(kinds) > 0
	count(grants.fitting(grant)) == 0
	message := _why(kinds, grants.operations(grant))
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_undecided(grant)
	message := "Whether the key can do what the grant is for is not known: the grant's operations, or the key's spec and usage, are not fully known."
}

_undecided(grant) if {
	some fit in [grants.fitting(grant)]
	count(fit) > 0
	count(fit) < count(grants.kinds(grant))
}

_undecided(grant) if {
	grants.open(grant)
	count(grants.fitting(grant)) > 0
}

_why(kinds, operations) := $"A key of spec {spec} and usage {usage} cannot do {result.some_of(unfit)}." if {
	count(kinds) == 1
	some [spec, usage] in kinds
	unfit := operations - grants.abilities([spec, usage])
} else := $"No key that this may be can do {result.some_of(unfit)}." if {
	unfit := operations - {op | some kind in kinds; some op in grants.abilities(kind)}
	count(unfit) > 0
} else := $"No one key can do all of {concat(", ", sort(operations))}."
