# METADATA
# title: A key without an alias
# description: "Without an alias people and programs have to name the key by its id, and it cannot be exchanged without changing them."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: note
#   presets:
#     cheat-sheet: warning
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Give the key an alias that says what it protects.
#   snippets:
#     cloudformation: |
#       Alias:
#         Type: AWS::KMS::Alias
#         Properties:
#           AliasName: alias/orders
#           TargetKeyId: !Ref Key
#     terraform: |
#       resource "aws_kms_alias" "orders" {
#         name          = "alias/orders"
#         target_key_id = aws_kms_key.orders.key_id
#       }
#     kubernetes: |
#       apiVersion: kms.services.k8s.aws/v1alpha1
#       kind: Alias
#       metadata:
#         name: orders
#       spec:
#         name: alias/orders
#         targetKeyRef:
#           from:
#             name: orders
package kms.rules.alias_missing

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key that no alias in the input refers to. It is unknown where the target of an alias of the same module or
#   stack is not known.
# custom:
#   exceptions:
#   - 'Replicas: an alias is regional, and replica_alias_missing looks for it.'
#   - Key policies without their key.
#   when_not: Aliases are made elsewhere, or keys are found by their tags.
fail contains result.at(key, key.location, "No alias in the input refers to the key.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at(key, key.location, message) if {
	some key in input.keys
	message := result.cannot_tell("an alias in the input refers to the key", _verdict(key))
}

# A change set does not contain the aliases that it leaves unchanged.
_verdict(key) := _without_alias(key) if {
	key.kind == "key"
	not key.change.partialInput
}

_without_alias(key) := truth.no if {
	_keys_with_alias[key.id]
} else := truth.unknown(_unknown_targets[key.scope]) if {
	_unknown_targets[key.scope]
} else := truth.yes

# If an alias may refer to several keys, each of them counts.
_keys_with_alias := {id | some alias in input.aliases; some id in alias.target.keys}

# By template, plan or module: the causes of unknown targets of aliases, which may be any key.
_unknown_targets[alias.scope] contains value.cause(alias.target.text) if {
	some alias in input.aliases
	count(alias.target.keys) == 0
	value.is_unknown(alias.target.text)
}
