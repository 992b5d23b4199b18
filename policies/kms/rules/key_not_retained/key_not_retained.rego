# METADATA
# title: Key is not retained when its resource is removed
# description: "A key that is removed from its template, module or cluster is scheduled for deletion. After the waiting period, all data encrypted under it becomes unreadable. A deletion policy or `prevent_destroy` keeps the key."
# related_resources:
# - https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
# - https://aws-controllers-k8s.github.io/community/docs/user-docs/deletion-policy/
# - https://docs.crossplane.io/latest/concepts/managed-resources/
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   level: note
#   category: manageability
#   formats: [cloudformation, source, kubernetes]
#   controls:
#     AWS Security Hub: [KMS.3]
#   remediation: Configure the resource so that the key is retained both when it is removed and when it is replaced.
#   snippets:
#     cloudformation: |
#       OrdersKey:
#         Type: AWS::KMS::Key
#         DeletionPolicy: Retain
#         UpdateReplacePolicy: Retain
#     terraform: |
#       resource "aws_kms_key" "orders" {
#         lifecycle {
#           prevent_destroy = true
#         }
#       }
#     kubernetes: |
#       metadata:
#         annotations:
#           services.k8s.aws/deletion-policy: retain
package kms.rules.key_not_retained

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key or replica key has no `DeletionPolicy: Retain` (or RetainExceptOnCreate) or no
#   `UpdateReplacePolicy: Retain`. In Terraform, it fails without `prevent_destroy`. In Kubernetes, it fails without
#   the ACK annotation `services.k8s.aws/deletion-policy: retain`, the Crossplane property `deletionPolicy: Orphan`
#   or `managementPolicies` without Delete. The verdict is unknown when these values are unknown.
# custom:
#   exceptions:
#   - Inputs that cannot contain these settings, such as Terraform plans.
#   - The OpenTofu setting `destroy = false`, because OpenTofu then only forgets the key.
#   when_not: Turn this rule off for short-lived stacks, modules and namespaces.
fail contains result.at(key, key.location, message) if {
	some key in input.keys
	missing := {name | some name, field in _fields(key); value.is(key.retention[field], false) == truth.yes}
	count(missing) > 0
	message := _message(key, missing)
}

unknown contains result.at(key, key.location, message) if {
	some key in input.keys
	some name, field in _fields(key)
	verdict := value.is(key.retention[field], true)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{name} retains the key", verdict)
}

_fields(key) := {"DeletionPolicy": "onDeletion", "UpdateReplacePolicy": "onReplacement"} if {
	_in_template(key)
} else := {"the deletion policy": "onDeletion"} if {
	_in_kubernetes(key)
} else := {"prevent_destroy": "onDeletion"}

_in_template(key) if contains(key.type, "::")

_in_kubernetes(key) if contains(key.type, "/")

_message(key, missing) := $"CloudFormation can delete the key: its resource has no {names} of Retain." if {
	_in_template(key)
	names := concat(" or ", sort(missing))
}

_message(key, _) := "Deleting the Kubernetes object deletes the key: the object has no deletion policy that retains the key." if _in_kubernetes(key)

_message(key, _) := "Terraform can destroy or replace the key: its resource does not set prevent_destroy to true." if {
	not _in_template(key)
	not _in_kubernetes(key)
}
