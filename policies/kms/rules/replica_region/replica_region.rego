# METADATA
# title: Two related multi-Region keys in one Region
# description: "A set of related multi-Region keys can have only one key in each Region. AWS KMS rejects a second one, and the deployment fails partway."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Create the replica key in another Region. In Terraform, set its `region` argument or its provider. In
#     CloudFormation, use a separate stack in that Region.
#   snippets:
#     cloudformation: |
#       Parameters:
#         PrimaryKeyArn:
#           Type: String
#       Resources:
#         OrdersReplica:
#           Type: AWS::KMS::ReplicaKey
#           Properties:
#             PrimaryKeyArn: !Ref PrimaryKeyArn
#     terraform: |
#       resource "aws_kms_replica_key" "orders" {
#         region          = "eu-central-1"
#         primary_key_arn = aws_kms_key.orders.arn
#       }
#     kubernetes: |
#       spec:
#         replicaRegion: eu-central-1
package kms.rules.replica_region

import data.kms.lib.replicas
import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a replica key is in the Region of its primary key, or in the Region of another replica of the same
#   primary key. A stack deploys to one Region only, even if that Region is unknown.
# custom:
#   exceptions:
#   - Unknown Regions.
#   when_not: Never. The deployment fails.
fail contains result.at_field(replica, "region", message) if {
	some [replica, primaries] in replicas.pairs
	replicas.agreement(replica, {_is_same_region(replica, primary) | some primary in primaries}) == truth.yes
	message := $"The replica is in the same Region ({_region_text(replica)}) as its primary key {replicas.name(primaries)}."
}

fail contains result.at_field(replica, "region", message) if {
	some replica in input.keys
	replica.kind == "replica"
	count(replica.primary.keys) == 0
	is_string(replica.region)
	text := targets.as_written(replica.primary)
	replicas.region_in(text) == replica.region
	message := $"The replica is in the same Region ({replica.region}) as its primary key {text}."
}

fail contains result.at_field(replica, "region", message) if {
	some i, replica in _replicas
	some j, other in _replicas
	j < i
	other.resource != replica.resource
	_has_same_primary(other, replica)
	not _is_in_other_variant(other, replica)
	_is_same_region(other, replica) == truth.yes
	message := $"The replica is in the same Region ({_region_text(replica)}) as {other.resource}, another replica of its primary key."
}

unknown := set()

_replicas := [replica | some replica in input.keys; replica.kind == "replica"]

# Holds if two replicas have the same primary, in the input or by its ARN.
_has_same_primary(replica, other) if {
	count(replica.primary.keys) == 1
	replica.primary.keys == other.primary.keys
}

_has_same_primary(replica, other) if {
	count(replica.primary.keys) == 0
	is_string(replica.primary.text)
	replica.primary.text == other.primary.text
}

# Variants for different choices never exist together.
_is_in_other_variant(replica, other) if {
	whens := [one.variant.assumptions | some one in [replica, other]]
	count(whens) == 2
	whens[0] != whens[1]
}

_is_same_region(one, other) := truth.yes if {
	is_string(one.region)
	one.region == other.region
} else := truth.yes if {
	startswith(one.type, "AWS::")
	one.scope == other.scope
} else := truth.no

_region_text(key) := key.region if is_string(key.region)

else := "that of the stack"
