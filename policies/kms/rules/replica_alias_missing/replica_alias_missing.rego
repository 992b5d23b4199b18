# METADATA
# title: A replica without its primary's alias
# description: "Aliases are regional: programs that name the key by its alias fail in the replica's Region, just when that has to take over."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: note
#   presets:
#     cheat-sheet: note
#   category: multi-region
#   formats: [plan, kubernetes]
#   remediation: Give the replica an alias of the same name in its own Region.
#   snippets:
#     terraform: |
#       resource "aws_kms_alias" "orders_replica" {
#         region        = "eu-central-1"
#         name          = "alias/orders"
#         target_key_id = aws_kms_replica_key.orders.key_id
#       }
#     kubernetes: |
#       apiVersion: kms.services.k8s.aws/v1alpha1
#       kind: Alias
#       metadata:
#         name: orders-frankfurt
#         annotations:
#           services.k8s.aws/region: eu-central-1
#       spec:
#         name: alias/orders
#         targetKeyID: arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab
package kms.rules.replica_alias_missing

import data.kms.lib.replicas
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   The primary of a replica has an alias in the input, and the replica has none. It is unknown where an alias may refer to
#   the replica, or where only one of the keys that its primary may be has one.
# custom:
#   exceptions:
#   - A primary without an alias, of which `alias_missing` speaks.
#   - Replicas of a change set that are there already.
#   when_not: Programs name keys by their ARN.
fail contains result.at(replica, replica.location, "The primary key has an alias, but the replica has none: AWS KMS does not replicate aliases.") if {
	some replica in input.keys
	_verdict(replica) == truth.yes
}

unknown contains result.at(replica, replica.location, message) if {
	some replica in input.keys
	message := result.cannot_tell("the primary key has an alias and the replica has none", _verdict(replica))
}

_verdict(replica) := truth.every_of({_without(replica), _named_primary[replica.id]}) if {
	not replica.change.partialInput
}

# Whether the primary of a replica has an alias.
_named_primary[replica.id] := replicas.agreement(replica, {truth.from(_is_named(primary)) | some primary in primaries}) if {
	some [replica, primaries] in replicas.pairs
}

_is_named(key) if {
	_named[key.id]
} else := false

_without(replica) := truth.no if {
	_named[replica.id]
} else := truth.unknown(_unknown_targets[replica.scope]) if {
	_unknown_targets[replica.scope]
} else := truth.yes

_named := {id | some alias in input.aliases; some id in alias.target.keys}

# Where an alias may refer to any key.
_unknown_targets[alias.scope] contains value.cause(alias.target.text) if {
	some alias in input.aliases
	count(alias.target.keys) == 0
	value.is_unknown(alias.target.text)
}
