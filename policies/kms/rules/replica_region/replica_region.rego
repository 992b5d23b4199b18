# METADATA
# title: Two keys of a multi-Region set in one Region
# description: "A set has one key in each Region: KMS refuses the second, and the deployment fails half-way."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   level: error
#   category: multi-region
#   formats: [plan]
#   remediation: Put the replica into another Region, by its region argument or by the provider's.
#   snippets:
#     terraform: |
#       resource "aws_kms_replica_key" "orders" {
#         region          = "eu-central-1"
#         primary_key_arn = aws_kms_key.orders.arn
#       }
package kms.rules.replica_region

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A replica in the Region of its primary, or in that of another replica of the same primary.
# custom:
#   exceptions:
#   - Regions that are not known.
#   when_not: Never; the deployment fails.
fail contains result.at_field(replica, "region", message) if {
	some replica in _replicas
	some id in replica.primary.keys
	some primary in input.keys
	primary.id == id
	primary.region == replica.region
	message := $"The replica stands in {replica.region}, the Region of its primary {primary.resource}."
}

fail contains result.at_field(replica, "region", message) if {
	some i, replica in _replicas
	some j, other in _replicas
	j < i
	other.region == replica.region
	other.primary.keys == replica.primary.keys
	other.resource != replica.resource
	message := $"The replica stands in {replica.region}, as does the replica {other.resource} of the same primary."
}

unknown := set()

_replicas := [replica |
	some replica in input.keys
	replica.kind == "replica"
	is_string(replica.region)
	count(replica.primary.keys) > 0
]
