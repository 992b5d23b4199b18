# METADATA
# title: A key of another Region
# description: "Keys and aliases are regional: a service cannot use one of another Region, so that the deployment fails or the data are out of reach."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: around
#   formats: [plan]
#   remediation: |
#     Name a key of the resource's own Region. Where both Regions have to read the data, replicate a multi-Region key.
#   snippets:
#     terraform: |
#       resource "aws_sns_topic" "orders" {
#         region            = "eu-west-1"
#         kms_master_key_id = aws_kms_key.orders_eu_west_1.arn
#       }
package kms.rules.reference_region

import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A resource or a grant that names a key or an alias of a Region other than its own. It is unknown where a
#   multi-Region key outside of the input may have a replica in the resource's Region.
# custom:
#   exceptions:
#   - Multi-Region keys with a replica in the Region of the resource.
#   - Arguments for the key of a copy in another Region, or of the bucket that is written to.
#   - Where a Region is not known.
#   when_not: Never.
fail contains result.at(entity, location, message) if {
	some [entity, location, region, name] in _elsewhere
	not _multi_region(name)
	message := $"The resource is in {entity.region}, but its key {name} is in {region}; both must be in the same Region."
}

unknown contains result.at(entity, location, message) if {
	some [entity, location, region, name] in _elsewhere
	_multi_region(name)
	question := $"the key in {region} has a replica in {entity.region}, the Region of the resource"
	message := result.cannot_tell(question, truth.unknown({$"the replicas of {name} are not in the input"}))
}

# The id of a multi-Region key by its ARN.
_multi_region(name) if regex.match(`:key/mrk-`, name)

_elsewhere := [[entity, location, region, name] |
	some [entity, location, key] in _references
	is_string(entity.region)
	some [region, name] in _home(key, entity.region)
]

_references := array.concat(
	[[consumer, use.location, use.key] |
		some consumer in input.consumers
		some use in consumer.uses
		not use.otherRegion
	],
	[[grant, object.get(grant.locations, "key", grant.location), grant.key] | some grant in input.grants],
)

# The Region of a key that is certainly not in another: by the keys that it is, or by its ARN.
_home(key, region) := [[keys[0].region, keys[0].resource]] if {
	keys := [candidate | some candidate in input.keys; candidate.id in key.keys]
	count(keys) > 0
	every candidate in keys {
		_away(candidate, region)
	}
} else := [[home, targets.as_written(key)]] if {
	count(key.keys) == 0
	home := targets.region(key)
	regex.match(`^[a-z]+(-[a-z]+)+-\d+$`, home)
	home != region
} else := []

_away(key, region) if {
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
