# METADATA
# title: A key is deleted
# description: "After the waiting period everything that the key encrypted is lost, whoever holds the data and wherever its copies are."
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
#       description: Resources whose deletion is approved, by address, logical id or Kind/name; * stands for any characters
#   remediation: Keep the key, disable it first, and see who still uses it; then name it in the setting `key_deletion.approved`.
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
#   A plan, a change set or a request to a cluster deletes a key or a replica, by itself or to make another in its place.
# custom:
#   exceptions:
#   - A replacement because of what cannot be changed, of which `immutable_change` speaks.
#   - Keys that are retained, or forgotten without being deleted.
#   - What the setting `approved` names.
#   when_not: Environments that are made to be thrown away.
fail contains result.at(removal, removal.location, message) if {
	some removal in input.removals
	not _approved(removal)
	message := $"The change deletes the {removal.kind}: after the waiting period, {_lost[removal.kind]}."
}

fail contains result.at(key, key.location, message) if {
	some key in input.keys
	{"delete", "create"} == {action | some action in key.change.actions}
	not _immutable[key.id]
	not _approved(key)
	message := $"The change replaces (deletes and recreates) the {key.kind}: after the waiting period, {_lost[key.kind]}."
}

unknown := set()

_lost := {
	"key": "AWS KMS cannot decrypt data encrypted under the old key",
	"replica": "AWS KMS cannot use the old replica to decrypt data in its Region",
}

_immutable := {finding.entity | some finding in immutable_change.fail}

_approved(entity) if patterns.match_any(settings.of("key_deletion", about).approved, entity.resource)
