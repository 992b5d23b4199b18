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
	differ := _differing(replica, primary)
	count({text | some text in differ; not contains(_open(text), "⟨")}) > 0
	message := $"The policy of the replica is not that of its primary {primary.resource}: {count(differ)} statements stand in one of the two only."
}

unknown contains result.at_policy(replica, message) if {
	some [replica, primary] in _pairs
	differ := _differing(replica, primary)
	count(differ) > 0
	count({text | some text in differ; not contains(_open(text), "⟨")}) == 0
	message := $"Whether the policy of the replica is that of its primary {primary.resource} is not known: they differ in parts that are not known."
}

# Unknown parts aside from Regions, which are all written alike.
_open(text) := replace(text, "⟨region⟩", "")

_differing(replica, primary) := (_texts(replica) - _texts(primary)) | (_texts(primary) - _texts(replica))

_texts(key) := {text | some text in key.policy.canonical}

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
