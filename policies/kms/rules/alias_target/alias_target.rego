# METADATA
# title: An alias for what is no key of the account's
# description: "An alias stands for a customer managed key; KMS refuses one for another alias, for a key that AWS manages or for anything else."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
# custom:
#   level: error
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Give the id or the ARN of the key.
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
#   A target that is another alias, a key that AWS manages (alias/aws/…), or neither the id nor the ARN of a key. It
#   is unknown where nothing is known of the target.
# custom:
#   exceptions:
#   - Keys outside of the input, by their id or ARN.
#   - Replica keys.
#   - The key of another alias, as in aws_kms_alias.orders.target_key_id.
#   when_not: Never; KMS refuses such targets.
fail contains result.at_field(alias, "target", message) if {
	some alias in input.aliases
	fault := targets.mismatch(alias)
	message := $"The target {targets.as_written(alias.target)} of the alias is {fault}."
}

unknown contains result.at_field(alias, "target", message) if {
	some alias in input.aliases
	not targets.mismatch(alias)
	targets.is_unknown(alias.target)
	not targets.is_key(alias.target)
	message := result.cannot_tell("the target of the alias is a key", truth.unknown(targets.causes(alias.target)))
}
