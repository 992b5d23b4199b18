# METADATA
# title: Change to an immutable key property
# description: "The spec, usage, origin, multi-Region property and key store of a key cannot change. Terraform replaces the key, and data encrypted under the old key becomes unreadable after its deletion. CloudFormation and the Kubernetes controllers fail."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
# - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: settings
#   formats: [plan, changeset, kubernetes]
#   remediation: |
#     Create a second key next to the existing one, move the alias to it, and re-encrypt the data. Delete the old
#     key only after nothing uses it anymore.
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
#   Fails when a plan, a change set or a Kubernetes admission request gives an existing key another spec, usage,
#   origin, multi-Region property or key store. The verdict is unknown when the value before or after the change is
#   unknown.
# custom:
#   exceptions:
#   - New keys.
#   - Changes to other properties, such as the key policy and the description.
#   when_not: Turn this rule off if nothing has been encrypted under the keys yet.
fail contains result.at_field(key, field, message) if {
	some [key, field, before, after] in _pairs
	_changes(before, after) == truth.yes
	message := $"The {_source(key)} changes the {_names[field]} of an existing key from {_value_text(before)} to {_value_text(after)}. AWS KMS cannot change it: {_consequence(key)}."
}

unknown contains result.at_field(key, field, message) if {
	some [key, field, before, after] in _pairs
	verdict := _changes(before, after)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the {_source(key)} changes the {_names[field]} of an existing key", verdict)
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

_consequence(key) := "Terraform replaces the key (deletes and recreates it)" if {
	_source(key) == "plan"
	"delete" in key.change.actions
} else := _failures[_source(key)]

_failures := {
	"plan": "the update fails",
	"change set": "the stack update fails",
	"request": "the controller cannot apply the update",
}

_value_text(content) := "none" if {
	content == null
} else := $"{content}"
