# METADATA
# title: A key that leaves with its stack
# description: "Without a deletion policy a key that leaves the template, or whose stack is deleted, is scheduled for deletion, and what it encrypted is lost with it."
# related_resources:
# - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   level: note
#   category: manageability
#   formats: [cloudformation]
#   controls:
#     AWS Security Hub: [KMS.3]
#   remediation: Retain the key, both when it leaves the template and when it is replaced.
#   snippets:
#     cloudformation: |
#       OrdersKey:
#         Type: AWS::KMS::Key
#         DeletionPolicy: Retain
#         UpdateReplacePolicy: Retain
package kms.rules.key_not_retained

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key or replica without `DeletionPolicy: Retain` (or RetainExceptOnCreate) or without `UpdateReplacePolicy: Retain`. It
#   is unknown where these are not known.
# custom:
#   exceptions:
#   - Inputs that cannot say so, such as plans of Terraform.
#   when_not: Stacks that are made to be thrown away.
fail contains result.at(key, key.location, message) if {
	some key in input.keys
	missing := {name | some name in _names; value.is(key.retention[_fields[name]], false) == truth.yes}
	count(missing) > 0
	message := $"The key is deleted with the stack's resource: it has no {concat(" and no ", sort(missing))} of Retain."
}

unknown contains result.at(key, key.location, message) if {
	some key in input.keys
	some name in _names
	value.is_unknown(key.retention[_fields[name]])
	message := $"Whether {name} keeps the key is not known: {value.why(key.retention[_fields[name]])}."
}

_fields := {"DeletionPolicy": "onDeletion", "UpdateReplacePolicy": "onReplacement"}

_names := object.keys(_fields)
