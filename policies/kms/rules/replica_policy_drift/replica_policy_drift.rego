# METADATA
# title: Key policies of replica and primary key differ
# description: "A principal without access to the primary key may be able to use the same key material through the replica key. A principal without access to the replica key fails when the replica's Region has to take over."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: multi-region
#   formats: [plan, kubernetes]
#   settings:
#     ignore:
#       type: array
#       items: {type: string}
#       default: []
#       description: Replica keys whose policy differs on purpose, by address, logical ID or Kind/name; * matches any characters
#   remediation: |
#     Give both keys the same policy, apart from Region names. If they differ on purpose, add the replica key to
#     the setting `replica_policy_drift.ignore`.
#   snippets:
#     terraform: |
#       resource "aws_kms_replica_key" "orders" {
#         primary_key_arn = aws_kms_key.orders.arn
#         policy          = aws_kms_key.orders.policy
#       }
#     kubernetes: |
#       spec:
#         policy: |   # identical to the primary key's policy
#           {
#             "Version": "2012-10-17",
#             "Statement": [{
#               "Sid": "Enable IAM policies",
#               "Effect": "Allow",
#               "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
#               "Action": "kms:*",
#               "Resource": "*"
#             }]
#           }
package kms.rules.replica_policy_drift

import data.kms.lib.patterns
import data.kms.lib.replicas
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a replica key and its primary key in the same input have different policies. Region names, the order
#   of statements and their Sids do not matter. The verdict is unknown when the policies differ only in unknown
#   parts.
# custom:
#   exceptions:
#   - Replica keys without a policy, which `replica_policy_missing` reports.
#   - Replica keys that the setting `ignore` names.
#   when_not: Turn this rule off if access differs by Region on purpose.
fail contains result.at_policy(replica, message) if {
	some [replica, primaries] in _pairs
	_verdict(replica, primaries) == truth.yes
	differ := max({count(own | others) | some primary in primaries; [own, others] := _differing(replica, primary)})
	message := $"The replica's key policy differs from that of its primary key {replicas.name(primaries)}: {_statement_count(differ)} in only one of the two policies."
}

unknown contains result.at_policy(replica, message) if {
	some [replica, primaries] in _pairs
	verdict := _verdict(replica, primaries)
	truth.is_unknown(verdict)
	question := $"the replica's key policy matches that of its primary key {replicas.name(primaries)}"
	message := result.cannot_tell(question, verdict)
}

_statement_count(n) := "1 statement is" if {
	n == 1
} else := $"{n} statements are"

_verdict(replica, primaries) := replicas.agreement(replica, {_differ(replica, primary) | some primary in primaries})

_differ(replica, primary) := truth.no if {
	_differing(replica, primary) == [set(), set()]
} else := truth.yes if {
	[own, others] := _differing(replica, primary)
	_has_drifted(own, others)
} else := truth.unknown(value.causes_in(own | others, "a part of a policy")) if {
	[own, others] := _differing(replica, primary)
}

# The statements that only one of the two policies contains, as strings.
_differing(replica, primary) := [_statements(replica) - _statements(primary), _statements(primary) - _statements(replica)]

# A Region is not an unknown part: both policies contain the same placeholder.
_statements(key) := {replace(text, "⟨region⟩", "(region)") | some text in key.policy.canonical}

# A known statement is certainly missing on the other side, unless a statement with unknown parts may equal it.
_has_drifted(own, others) if _lacks(own, others)

_has_drifted(own, others) if _lacks(others, own)

_lacks(those, these) if {
	count(_known(those)) > count(these - _known(these))
}

_lacks(those, these) if {
	some text in _known(those)
	every open in these - _known(these) {
		not _may_be(open, text)
	}
}

_known(texts) := {text | some text in texts; not contains(text, "⟨")}

# Holds if every part of either statement fits a part of the other, in any order.
_may_be(open, text) if {
	parts := _parts(text)
	every part in _parts(open) {
		_fits(part, parts)
	}
	patterns := {_pattern(part) | some part in _parts(open)}
	every part in parts {
		some pattern in patterns
		regex.match(pattern, part)
	}
}

# An unknown map of conditions may be empty.
_fits(part, _) if regex.match(`^\nCondition(\n[^\n]+)?\n⟨⟩$`, part)

_fits(part, others) if {
	some other in others
	regex.match(_pattern(part), other)
}

# The strings of a statement, each below the names that lead to it, one per line. Unknown parts lose their expression.
_parts(text) := {part |
	walk(json.unmarshal(text), [path, end])
	is_string(end)
	lines := concat("", [$"\n{name}" | some name in array.concat(path, [end]); is_string(name)])
	part := strings.replace_n({hole[0]: "⟨⟩" | some hole in regex.find_all_string_submatch_n("⟨[^⟩]+⟩", lines, -1)}, lines)
}

# An unknown part matches anything on its line. An unknown last line also matches further names.
_pattern(part) := $`^\Q{trim_suffix(part, "⟨⟩")}\E(?s:.*)$` if {
	endswith(part, "\n⟨⟩")
} else := $`^\Q{replace(part, "⟨⟩", `\E.*\Q`)}\E$`

_pairs := [[replica, primaries] |
	some [replica, primaries] in replicas.pairs
	replica.policy.state == "resolved"
	not patterns.match_any(settings.of("replica_policy_drift", about).ignore, replica.resource)
	every primary in primaries {
		primary.policy.state == "resolved"
	}
]
