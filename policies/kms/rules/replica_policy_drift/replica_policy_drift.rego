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

import data.kms.lib.names
import data.kms.lib.replicas
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth

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
	some [replica, primaries] in _pairs
	_verdict(replica, primaries) == truth.yes
	differ := max({count(_differing(replica, primary)) | some primary in primaries})
	message := $"The policy of the replica is not that of its primary {replicas.name(primaries)}: {differ} statements stand in one of the two only."
}

unknown contains result.at_policy(replica, message) if {
	some [replica, primaries] in _pairs
	_verdict(replica, primaries) == truth.unknown
	message := $"Whether the policy of the replica is that of its primary {replicas.name(primaries)} is not known: {_why(primaries)}."
}

_why(primaries) := "they differ in parts that are not known" if count(primaries) == 1

else := "which of them it is, or a part of a policy, is not known"

_verdict(replica, primaries) := replicas.settle({_differ(replica, primary) | some primary in primaries})

_differ(replica, primary) := truth.no if {
	count(_differing(replica, primary)) == 0
} else := truth.yes if {
	_certainly(_texts(replica), _texts(primary))
} else := truth.yes if {
	_certainly(_texts(primary), _texts(replica))
} else := truth.unknown

# Whether a statement without unknown parts stands in one policy, and the other has none that may be the same.
_certainly(texts, others) if {
	some text in (texts - others)
	not contains(text, "⟨")
	every other in others - texts {
		not regex.match(_pattern(other), text)
	}
}

_pattern(text) := $`^\Q{strings.replace_n({hole[0]: `\E.*\Q` | some hole in regex.find_all_string_submatch_n("⟨[^⟩]*⟩", text, -1)}, text)}\E$`

_differing(replica, primary) := (_texts(replica) - _texts(primary)) | (_texts(primary) - _texts(replica))

# Regions are not unknown: they are written alike.
_texts(key) := {replace(text, "⟨region⟩", "(region)") | some text in key.policy.canonical}

_pairs := [[replica, primaries] |
	some [replica, primaries] in replicas.pairs
	replica.policy.state == "resolved"
	not names.any_of(settings.of("replica_policy_drift", about).ignore, replica.resource)
	every primary in primaries {
		primary.policy.state == "resolved"
	}
]
