# METADATA
# title: Replica key lacks the alias of its primary key
# description: "Aliases are regional. If the replica's Region has to take over, applications that refer to the key by its alias fail there."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: note
#   presets:
#     cheat-sheet: note
#   category: multi-region
#   formats: [plan, kubernetes]
#   remediation: Create an alias with the same name in the replica's Region.
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
#   Fails when the primary key has an alias in the input and the replica key has none. The verdict is unknown when
#   an alias may refer to the replica key. It is also unknown when several keys may be the primary key and only one
#   of them has an alias.
# custom:
#   exceptions:
#   - Primary keys without an alias, which `alias_missing` reports.
#   - Replica keys in a change set that exist already.
#   when_not: Turn this rule off if your applications refer to keys by ARN.
fail contains result.at(replica, replica.location, "The primary key has an alias, but the replica has none: AWS KMS does not replicate aliases.") if {
	some replica in input.keys
	_verdict(replica) == truth.yes
}

unknown contains result.at(replica, replica.location, message) if {
	some replica in input.keys
	message := result.cannot_tell("the primary key has an alias and the replica has none", _verdict(replica))
}

_verdict(replica) := truth.every_of({_lacks_alias(replica)} | _primary_has_alias[replica.id]) if {
	not replica.change.partialInput
}

# By replica: the truth of its primary having an alias.
_primary_has_alias[replica.id] contains replicas.agreement(replica, {truth.from(_has_alias(primary)) | some primary in primaries}) if {
	some [replica, primaries] in replicas.pairs
}

_has_alias(key) if {
	_keys_with_alias[key.id]
} else := false

_lacks_alias(replica) := truth.no if {
	_keys_with_alias[replica.id]
} else := truth.unknown(_unknown_targets[replica.scope]) if {
	_unknown_targets[replica.scope]
} else := truth.yes

_keys_with_alias := {id | some alias in input.aliases; some id in alias.target.keys}

# By template, plan or module: the causes of unknown targets of aliases, which may be any key.
_unknown_targets[alias.scope] contains value.cause(alias.target.text) if {
	some alias in input.aliases
	count(alias.target.keys) == 0
	value.is_unknown(alias.target.text)
}
