# METADATA
# title: Key is scheduled for deletion
# description: "After the waiting period, AWS KMS deletes the key and every ciphertext under it becomes unreadable, including backups and copies in other places."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, changeset, kubernetes]
#   controls:
#     AWS Security Hub: [KMS.3]
#   settings:
#     approved:
#       type: array
#       items: {type: string}
#       default: []
#       description: Resources whose deletion is approved, by address, logical ID or Kind/name; * matches any characters
#   remediation: |
#     Keep the key. Before you delete it, disable it and check which applications still use it. Then approve the
#     deletion in the setting `key_deletion.approved`.
#   snippets:
#     cloudformation: |
#       OrdersKey:
#         Type: AWS::KMS::Key
#         DeletionPolicy: Retain
#     terraform: |
#       removed {
#         from = aws_kms_key.orders
#         lifecycle { destroy = false }
#       }
#     kubernetes: |
#       metadata:
#         annotations:
#           services.k8s.aws/deletion-policy: retain
package kms.rules.key_deletion

import data.kms.lib.patterns
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.rules.immutable_change

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a plan, a change set or a Kubernetes admission request deletes or replaces a key or a replica key.
# custom:
#   exceptions:
#   - Replacements caused by a change to an immutable property, which `immutable_change` reports.
#   - Keys that are retained, or removed from management without being deleted.
#   - Resources that the setting `approved` names.
#   when_not: Turn this rule off for short-lived environments.
fail contains result.at(removal, removal.location, message) if {
	some removal in input.removals
	not _approved(removal)
	message := $"The change deletes the {removal.kind}: after the waiting period, {_consequence[removal.kind]}."
}

fail contains result.at(key, key.location, message) if {
	some key in input.keys
	{"delete", "create"} == {action | some action in key.change.actions}
	not _immutable[key.id]
	not _approved(key)
	message := $"The change replaces (deletes and recreates) the {key.kind}: after the waiting period, {_consequence[key.kind]}."
}

unknown := set()

_consequence := {
	"key": "AWS KMS cannot decrypt data encrypted under the old key",
	"replica": "AWS KMS cannot use the old replica to decrypt data in its Region",
}

_immutable := {finding.entity | some finding in immutable_change.fail}

_approved(entity) if patterns.match_any(settings.of("key_deletion", about).approved, entity.resource)
