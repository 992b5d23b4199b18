# METADATA
# title: Multi-Region key without a stated reason
# description: "A multi-Region key has the same key material in several Regions, which weakens the isolation between them. AWS recommends multi-Region keys only if you need them, and you cannot convert one to a single-Region key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   settings:
#     tags:
#       type: array
#       items: {type: string}
#       default: [multi-region]
#       description: Tags that state the reason; names are case-insensitive
#   remediation: |
#     Use a single-Region key, or state the reason for replication in the key's description or in the tag
#     `multi-region`.
#   snippets:
#     cloudformation: |
#       MultiRegion: false
#     terraform: |
#       multi_region = false
#     kubernetes: |
#       spec:
#         multiRegion: false
package kms.rules.multi_region_key

import data.kms.lib.purpose
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a multi-Region primary key has no stated reason: no replica key in the input, no configured tag, and
#   no description that mentions multi-Region, replication, replica, disaster recovery, DR, failover or global. The
#   verdict is unknown when the tags or the description are unknown.
# custom:
#   exceptions:
#   - Replica keys.
#   - Primary keys with a replica key in the same input.
#   when_not: Turn this rule off if your organization replicates every key.
fail contains result.at_field(key, "multiRegion", message) if {
	some key in input.keys
	_verdict(key) == truth.yes
	message := $"The multi-Region key has no replica in the input, and neither its description nor a tag ({concat(" or ", _tags)}) states its purpose."
}

unknown contains result.at_field(key, "multiRegion", message) if {
	some key in input.keys
	message := result.cannot_tell("the key is a multi-Region key without a stated purpose", _verdict(key))
}

_verdict(key) := truth.every_of({
	value.is(key.properties.multiRegion, true),
	truth.negate(_replicated(key)),
	truth.negate(purpose.is_tagged(key.properties.tags, _tags)),
	truth.negate(purpose.mentions(key.properties.description, _needs)),
}) if {
	key.kind == "key"
	value.is(key.properties.multiRegion, true) != truth.no
}

_replicated(key) := truth.yes if {
	_primaries[key.id]
} else := truth.unknown(_unknown_primaries[key.scope]) if {
	_unknown_primaries[key.scope]
} else := truth.no

_primaries := {id | some replica in input.keys; some id in replica.primary.keys}

# By template, plan or module: the causes of unknown primaries of replicas, which may be any key.
_unknown_primaries[replica.scope] contains value.cause(replica.primary.text) if {
	some replica in input.keys
	count(replica.primary.keys) == 0
	value.is_unknown(replica.primary.text)
}

_tags := settings.of("multi_region_key", about).tags

_needs := ["multi region", "replication", "replica", "disaster recovery", "dr", "failover", "global"]
