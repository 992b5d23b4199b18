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
import data.kms.lib.truth

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

_why(kinds, operations) := $"The grant contains {result.short_list(unfit)}, which a key with key spec {spec} and key usage {usage} does not support." if {
	count(kinds) == 1
	some [spec, usage] in kinds
	unfit := operations - grants.operations_of_kind([spec, usage])
} else := $"The grant contains {result.short_list(unfit)}, which no possible key spec and key usage of the key supports." if {
	unfit := operations - {op | some kind in kinds; some op in grants.operations_of_kind(kind)}
	count(unfit) > 0
} else := $"The grant combines {result.short_list(operations)}, but no possible key spec and key usage of the key supports all of them."
