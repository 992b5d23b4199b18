# METADATA
# title: A change that a key cannot take
# description: "Spec, usage, origin, multi-Region and key store of a key never change: Terraform replaces the key, CloudFormation and the controllers of Kubernetes fail, and what a replaced key encrypted is lost with it."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
# - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: settings
#   formats: [plan, changeset, kubernetes]
#   remediation: Make a new key beside the old one, move the alias to it, re-encrypt, and delete the old key later.
#   snippets:
#     cloudformation: |
#       OrdersKey2:
#         Type: AWS::KMS::Key
#         Properties:
#           KeySpec: RSA_4096
#           KeyUsage: SIGN_VERIFY
#     terraform: |
#       resource "aws_kms_key" "orders_2" {
#         customer_master_key_spec = "RSA_4096"
#         key_usage                = "SIGN_VERIFY"
#       }
#     kubernetes: |
#       apiVersion: kms.services.k8s.aws/v1alpha1
#       kind: Key
#       metadata:
#         name: orders-2
#       spec:
#         keySpec: RSA_4096
#         keyUsage: SIGN_VERIFY
package kms.rules.immutable_change

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A plan, a change set or a request to a cluster gives an existing key another spec, usage, origin, multi-Region property or key store. It is
#   unknown where the value before or after is not known.
# custom:
#   exceptions:
#   - New keys.
#   - Changes of everything else, such as the policy and the description.
#   when_not: Keys under which nothing has been encrypted yet.
fail contains result.at_field(key, field, message) if {
	some [key, field, before, after] in _pairs
	_changes(before, after) == truth.yes
	message := $"The {_source(key)} changes the {_names[field]} of an existing key from {_value_text(before)} to {_value_text(after)}, which KMS does not allow: the key is replaced, or the update fails."
}

unknown contains result.at_field(key, field, message) if {
	some [key, field, before, after] in _pairs
	verdict := _changes(before, after)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the {_names[field]} of an existing key changes", verdict)
}

_names := {
	"spec": "key spec",
	"usage": "key usage",
	"origin": "origin",
	"multiRegion": "multi-Region property",
	"customKeyStoreId": "custom key store",
}

_pairs := [[key, field, before, after] |
	some key in input.keys
	count({action | some action in key.change.actions; action in {"create", "delete", "update"}}) > 0
	some field, _ in _names
	before := key.change.before[field]
	after := key.properties[field]
]

# Two unknown values may be the same.
_changes(before, after) := truth.unknown({value.cause(side) | some side in [before, after]; value.is_unknown(side)}) if {
	value.is_unknown(before)
} else := truth.negate(value.is(after, before))

_source(key) := "change set" if {
	startswith(key.type, "AWS::")
} else := "request" if {
	contains(key.type, "/")
} else := "plan"

_value_text(content) := "none" if {
	content == null
} else := $"{content}"
