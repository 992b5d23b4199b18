# METADATA
# title: Invalid alias target
# description: "An alias can only point to a customer managed key. AWS KMS rejects another alias, an AWS managed key or any other target."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
# custom:
#   level: error
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Set the target to the ID or ARN of a customer managed key.
#   snippets:
#     cloudformation: |
#       TargetKeyId: !Ref Key
#     terraform: |
#       target_key_id = aws_kms_key.orders.key_id
#     kubernetes: |
#       spec:
#         targetKeyRef:
#           from:
#             name: orders
package kms.rules.alias_target

import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the target is another alias, an AWS managed key (`alias/aws/…`), or neither the ID nor the ARN of a
#   key. The verdict is unknown when the whole target is unknown.
# custom:
#   exceptions:
#   - Keys outside the input that are referenced by ID or ARN.
#   - Replica keys.
#   - The key of another alias, as in `aws_kms_alias.orders.target_key_id`.
#   when_not: Never. AWS KMS rejects such targets.
fail contains result.at_field(alias, "target", message) if {
	some alias in input.aliases
	fault := targets.mismatch(alias)
	message := $"The alias targets {targets.as_written(alias.target)}, which is {fault}; the target must be a customer managed key."
}

unknown contains result.at_field(alias, "target", message) if {
	some alias in input.aliases
	not targets.mismatch(alias)
	targets.is_unknown(alias.target)
	not targets.is_key(alias.target)
	message := result.cannot_tell("the target of the alias is a customer managed key", truth.unknown(targets.causes(alias.target)))
}
