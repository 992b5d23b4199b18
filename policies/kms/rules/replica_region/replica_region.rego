# METADATA
# title: Two keys of a multi-Region set in one Region
# description: "A set has one key in each Region: KMS refuses the second, and the deployment fails half-way."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Put the replica into another Region: in Terraform by its region argument or its provider, in CloudFormation in a
#     stack of its own.
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
#   A replica in the Region of its primary, or in that of another replica of the same primary. Whatever its Region, a stack
#   is in one only.
# custom:
#   exceptions:
#   - Regions that are not known.
#   when_not: Never; the deployment fails.
fail contains result.at_field(replica, "region", message) if {
	some [replica, primaries] in replicas.pairs
	replicas.agreement(replica, {_together(replica, primary) | some primary in primaries}) == truth.yes
	message := $"The replica is in the same Region ({_region(replica)}) as its primary key {replicas.name(primaries)}."
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
	_of_one(other, replica)
	not _apart(other, replica)
	_together(other, replica) == truth.yes
	message := $"The replica is in the same Region ({_region(replica)}) as {other.resource}, another replica of its primary key."
}

unknown := set()

_replicas := [replica | some replica in input.keys; replica.kind == "replica"]

# Whether both have one and the same primary, of the input or by its ARN.
_of_one(replica, other) if {
	count(replica.primary.keys) == 1
	replica.primary.keys == other.primary.keys
}

_of_one(replica, other) if {
	count(replica.primary.keys) == 0
	is_string(replica.primary.text)
	replica.primary.text == other.primary.text
}

# In variants for different choices they are not there at the same time.
_apart(replica, other) if {
	whens := [one.variant.assumptions | some one in [replica, other]]
	count(whens) == 2
	whens[0] != whens[1]
}

_together(one, other) := truth.yes if {
	is_string(one.region)
	one.region == other.region
} else := truth.yes if {
	startswith(one.type, "AWS::")
	one.scope == other.scope
} else := truth.no

_region(key) := key.region if is_string(key.region)

else := "that of the stack"
