# METADATA
# title: A grant for what the key cannot do
# description: "KMS refuses a grant with an operation that the key's spec and usage do not support, and the deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
# custom:
#   level: error
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: |
#     List only operations of the key's spec and usage.
#   snippets:
#     terraform: |
#       # A symmetric encryption key
#       operations = ["Decrypt", "GenerateDataKey"]
#     kubernetes: |
#       spec:
#         operations: [Decrypt, GenerateDataKey]   # of a symmetric encryption key
package kms.rules.grant_operations_unfit

import data.kms.lib.grants
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A grant with an operation that a key of this spec and usage cannot do, or with operations that no one key can do
#   together. It is unknown where the operations, or the key's spec and usage, are not known and decide it.
# custom:
#   exceptions:
#   - Keys of which spec and usage are no legal pair (invalid_spec_usage).
#   - CreateGrant, DescribeKey and RetireGrant, which every key can do.
#   when_not: Turn it off where KMS has operations that these rules do not know yet.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	kinds := grants.kinds(grant)
	count(kinds) > 0
	count(grants.fitting_kinds(grant)) == 0
	message := _why(kinds, grants.operations(grant))
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	message := result.cannot_tell("the key supports all operations of the grant", truth.unknown(_causes(grant)))
}

_causes(grant) := kinds | grants.unknown_operations(grant) if {
	fitting := grants.fitting_kinds(grant)
	count(fitting) > 0
	kinds := _unknown_kinds(grant, fitting)
	count(kinds | grants.unknown_operations(grant)) > 0
}

_unknown_kinds(grant, fitting) := grants.unknown_kinds(grant) if {
	count(fitting) < count(grants.kinds(grant))
} else := set()

_why(kinds, operations) := $"A key of spec {spec} and usage {usage} cannot do {result.short_list(unfit)}." if {
	count(kinds) == 1
	some [spec, usage] in kinds
	unfit := operations - grants.operations_of_kind([spec, usage])
} else := $"No key that this may be can do {result.short_list(unfit)}." if {
	unfit := operations - {op | some kind in kinds; some op in grants.operations_of_kind(kind)}
	count(unfit) > 0
} else := $"No one key can do all of {concat(", ", sort(operations))}."
