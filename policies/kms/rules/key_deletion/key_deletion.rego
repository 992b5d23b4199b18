# METADATA
# title: A key is deleted
# description: "After the waiting period everything that the key encrypted is lost, whoever holds the data and wherever its copies are."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, changeset]
#   controls:
#     AWS Security Hub: [KMS.3]
#   settings:
#     approved:
#       type: array
#       items: {type: string}
#       default: []
#       description: Resources whose deletion is approved, by address or logical id; * stands for any characters
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
package kms.rules.key_deletion

import data.kms.lib.result
import data.kms.lib.settings

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A plan or change set deletes a key or a replica.
# custom:
#   exceptions:
#   - Keys that are replaced, of which `immutable_change` speaks.
#   - Keys that are retained, or forgotten without being deleted.
#   - What the setting `approved` names.
#   when_not: Environments that are made to be thrown away.
fail contains result.at(removal, removal.location, message) if {
	some removal in input.removals
	not _approved(removal)
	message := $"The {removal.kind} is deleted: after the waiting period {_lost[removal.kind]}."
}

unknown := set()

_lost := {
	"key": "nobody can decrypt what it encrypted",
	"replica": "its Region can no longer decrypt what the key encrypted",
}

_approved(removal) if {
	some pattern in settings.of("key_deletion", about).approved
	glob.match(pattern, [], removal.resource)
}
