# METADATA
# title: A key without an alias
# description: "Without an alias people and programs have to name the key by its id, and it cannot be exchanged without changing them."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: note
#   formats: [cloudformation, plan]
#   remediation: |
#     Give the key an alias:
#     CloudFormation: Type: AWS::KMS::Alias, Properties: {AliasName: alias/orders, TargetKeyId: !Ref Key}
#     Terraform: resource "aws_kms_alias" "orders" { name = "alias/orders", target_key_id = aws_kms_key.orders.key_id }
package kms.rules.alias_missing

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

fail contains result.at(key, key.location, "No alias in the input refers to the key.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at(key, key.location, "An alias in the input may refer to the key: its target is not known.") if {
	some key in input.keys
	_verdict(key) == truth.unknown
}

_verdict(key) := truth.negate(truth.any_of({_names(alias, key) | some alias in input.aliases})) if key.kind == "key"

_names(alias, key) := truth.yes if {
	# Of several keys that it may refer to, each counts: which alias leads where does not matter here.
	key.id in alias.target.keys
} else := truth.unknown if {
	count(alias.target.keys) == 0
	value.is_unknown(alias.target.text)
	alias.scope == key.scope
} else := truth.no
