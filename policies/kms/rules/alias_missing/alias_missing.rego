# METADATA
# title: Key has no alias
# description: "Without an alias, people and applications must refer to the key by its ID. Replacing the key then means changing every application that uses it."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: note
#   presets:
#     cheat-sheet: warning
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Create an alias whose name says what the key protects.
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
import data.kms.lib.targets
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when no alias in the input refers to the key. The verdict is unknown when the target of an alias in the
#   same module or stack is unknown.
# custom:
#   exceptions:
#   - Replica keys, because aliases are regional and `replica_alias_missing` checks them.
#   - Standalone key policies.
#   when_not: Turn this rule off if aliases are created elsewhere, or if you find keys by their tags.
fail contains result.at(key, key.location, "No alias in the input refers to this key.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at(key, key.location, message) if {
	some key in input.keys
	message := result.cannot_tell("an alias in the input refers to this key", _verdict(key))
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

# By template, plan or module: the causes of unknown targets of aliases, which may be any customer managed key.
_unknown_targets[alias.scope] contains value.cause(alias.target.text) if {
	some alias in input.aliases
	count(alias.target.keys) == 0
	value.is_unknown(alias.target.text)
	not targets.mismatch(alias)
}
