# METADATA
# title: Reference to a key in another Region
# description: "Keys and aliases are regional. A service cannot use a key in another Region, so the deployment fails or the data becomes unreadable."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# - https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: around
#   formats: [plan]
#   remediation: |
#     Use a key in the resource's own Region. If both Regions must read the data, replicate a multi-Region key.
#   snippets:
#     terraform: |
#       resource "aws_sns_topic" "orders" {
#         region            = "eu-west-1"
#         kms_master_key_id = aws_kms_key.orders_eu_west_1.arn
#       }
package kms.rules.reference_region

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a resource or grant refers to a key or alias in another Region. The verdict is unknown when a
#   multi-Region key outside the input may have a replica key in the resource's Region. A key for DNSSEC must be in
#   us-east-1 wherever the stack is, because Amazon Route 53 is global.
# custom:
#   exceptions:
#   - Multi-Region keys with a replica key in the resource's Region.
#   - Arguments for the key of a copy in another Region, or of the destination bucket.
#   - Resources or keys whose Region is unknown.
#   when_not: Never. A service cannot use a key in another Region.
fail contains result.at(entity, location, message) if {
	some [entity, location, region, name] in _in_other_region
	not _multi_region(name)
	message := $"The resource is in {entity.region}, but its key {name} is in {region}; both must be in the same Region."
}

fail contains result.at(consumer, use.location, message) if {
	some [consumer, use, region, name] in _outside_required_region
	not _multi_region(name)
	message := $"The key {name} is in {region}; the service requires a key in {use.keyRegion}."
}

unknown contains result.at(entity, location, message) if {
	some [entity, location, region, name] in _in_other_region
	_multi_region(name)
	question := $"the key in {region} has a replica in {entity.region}, the Region of the resource"
	message := result.cannot_tell(question, _unknown_replicas(name))
}

unknown contains result.at(consumer, use.location, message) if {
	some [consumer, use, region, name] in _outside_required_region
	_multi_region(name)
	question := $"the key in {region} has a replica in {use.keyRegion}, which the service requires"
	message := result.cannot_tell(question, _unknown_replicas(name))
}

_unknown_replicas(name) := truth.unknown(causes.clause($"the replicas of {name} are not in the input"))

# The ID of a multi-Region key begins with mrk-.
_multi_region(name) if regex.match(`:key/mrk-`, name)

_in_other_region := [[entity, location, region, name] |
	some [entity, location, key] in _references
	is_string(entity.region)
	some [region, name] in _regions_of(key, entity.region)
]

# Other partitions have their own global services.
_outside_required_region := [[consumer, use, region, name] |
	some consumer in input.consumers
	some use in consumer.uses
	some [region, name] in _regions_of(use.key, use.keyRegion)
	not regex.match(`^(cn|us-gov|us-iso[a-z]*|eu-isoe|eusc)-`, region)
]

_references := array.concat(
	[[consumer, use.location, use.key] |
		some consumer in input.consumers
		some use in consumer.uses
		not use.otherRegion
		not use.keyRegion
	],
	[[grant, object.get(grant.locations, "key", grant.location), grant.key] | some grant in input.grants],
)

# The Region of a key that has no replica in the other Region, from the input or from the ARN of the key.
_regions_of(key, region) := [[keys[0].region, keys[0].resource]] if {
	keys := [candidate | some candidate in input.keys; candidate.id in key.keys]
	count(keys) > 0
	every candidate in keys {
		_is_away(candidate, region)
	}
} else := [[home, targets.as_written(key)]] if {
	count(key.keys) == 0
	home := targets.region(key)
	regex.match(`^[a-z]+(-[a-z]+)+-\d+$`, home)
	home != region
} else := []

_is_away(key, region) if {
	is_string(key.region)
	key.region != region
	not _replicated(key, region)
}

_replicated(key, region) if {
	some replica in input.keys
	_of_one_set(replica, key)
	_may_be_in(replica, region)
}

_of_one_set(replica, key) if key.id in replica.primary.keys

_of_one_set(primary, key) if primary.id in key.primary.keys

_of_one_set(replica, key) if {
	some id in replica.primary.keys
	id in key.primary.keys
}

_may_be_in(replica, region) if replica.region == region

_may_be_in(replica, _) if not is_string(replica.region)
