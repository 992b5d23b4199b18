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
	others := [earlier |
		some place in _places(replica, _compatible(replica))
		some earlier in _earliest[place]
		earlier[0] < i
		earlier[1] != replica.resource
	]
	other := min(others)[1]
	message := $"The replica is in the same Region ({_region_text(replica)}) as {other}, another replica of its primary key."
}

unknown := set()

_replicas := [replica | some replica in input.keys; replica.kind == "replica"]

# The first two replicas at each place, because one of them is always another resource. One finding for each replica is
# enough, and comparing each with all others takes too long.
_earliest[place] := array.slice(sort([[min(at), resource] | some resource, at in resources]), 0, 2) if {
	some place, resources in _at
}

_at[place][replica.resource] contains i if {
	some i, replica in _replicas
	some place in _places(replica, {_assumptions(replica), "any"})
}

# Replicas that share a place cannot coexist: they have the same primary key and Region, in variants that can exist
# together.
_places(replica, variants) := {[primary, region, variant] |
	primary := _primary(replica)
	some region in _regions(replica)
	some variant in variants
}

# A replica has the same primary as another in the input, or by its ARN.
_primary(replica) := replica.primary.keys if count(replica.primary.keys) == 1

_primary(replica) := replica.primary.text if {
	count(replica.primary.keys) == 0
	is_string(replica.primary.text)
}

_regions(replica) := {region | region := replica.region; is_string(region)} | {stack |
	startswith(replica.type, "AWS::")
	stack := {"stack": replica.scope}
}

_assumptions(replica) := object.get(replica, ["variant", "assumptions"], [])

# Variants for different choices never exist together.
_compatible(replica) := {"any"} if {
	_assumptions(replica) == []
} else := {_assumptions(replica), []}

_is_same_region(one, other) := truth.yes if {
	is_string(one.region)
	one.region == other.region
} else := truth.yes if {
	startswith(one.type, "AWS::")
	one.scope == other.scope
} else := truth.no

_region_text(key) := key.region if is_string(key.region)

else := "that of the stack"
