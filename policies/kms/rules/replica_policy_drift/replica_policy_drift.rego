# METADATA
# title: A replica with another policy than its primary
# description: "Whoever is kept from the primary may use the same key material through the replica, or is shut out there when the Region has to take over."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   level: warning
#   category: multi-region
#   formats: [plan]
#   settings:
#     ignore:
#       type: array
#       items: {type: string}
#       default: []
#       description: Replicas whose policy differs on purpose, by address or logical id; * stands for any characters
#   remediation: Give both the same policy, with the Region's name filled in, or name the replica in the setting `replica_policy_drift.ignore`.
#   snippets:
#     terraform: |
#       resource "aws_kms_replica_key" "orders" {
#         primary_key_arn = aws_kms_key.orders.arn
#         policy          = aws_kms_key.orders.policy
#       }
package kms.rules.replica_policy_drift

import data.kms.lib.result
import data.kms.lib.settings

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A replica and its primary in the same input whose policies differ, after the names of Regions are set equal. The order
#   of statements and their Sids do not matter. It is unknown where they differ in unknown parts only.
# custom:
#   exceptions:
#   - Replicas without a policy of their own, of which `replica_policy_missing` speaks.
#   - Replicas that the setting `ignore` names.
#   when_not: Access differs by Region as a rule.
fail contains result.at_policy(replica, message) if {
	some [replica, primary] in _pairs
	[own, others] := _differing(replica, primary)
	_drifted(own, others)
	message := $"The policy of the replica is not that of its primary {primary.resource}: {count(own | others)} statements stand in one of the two only."
}

unknown contains result.at_policy(replica, message) if {
	some [replica, primary] in _pairs
	[own, others] := _differing(replica, primary)
	count(own | others) > 0
	not _drifted(own, others)
	message := $"Whether the policy of the replica is that of its primary {primary.resource} is not known: they differ in parts that are not known."
}

# The statements of each that the other lacks, as texts. The Regions, which are all written alike, are no unknown parts.
_differing(replica, primary) := [_texts(replica) - _texts(primary), _texts(primary) - _texts(replica)]

_texts(key) := {replace(text, "⟨region⟩", "region") | some text in key.policy.canonical}

# A statement of which all is known is missing on the other side for certain unless one with unknown parts may be it.
_drifted(own, others) if _lacks(own, others)

_drifted(own, others) if _lacks(others, own)

_lacks(those, these) if {
	count(_known(those)) > count(these - _known(these))
}

_lacks(those, these) if {
	some text in _known(those)
	every other in these {
		not _may_be(other, text)
	}
}

_known(texts) := {text | some text in texts; not contains(text, "⟨")}

_may_be(open, text) if {
	contains(open, "⟨")
	count(_words(open) - _words(text)) == 0
}

# What stands in quotes, without punctuation and what holds unknown parts.
_words(text) := {word | some word in split(text, `"`); regex.match(`^[^⟨⟩]*[A-Za-z0-9*][^⟨⟩\\]*$`, word)}

_pairs := [[replica, primary] |
	some replica in input.keys
	replica.kind == "replica"
	replica.policy.state == "resolved"
	not _ignored(replica)
	count(replica.primary.keys) == 1
	some primary in input.keys
	primary.id == replica.primary.keys[0]
	primary.policy.state == "resolved"
]

_ignored(replica) if {
	some pattern in settings.of("replica_policy_drift", about).ignore
	glob.match(pattern, [], replica.resource)
}
