# METADATA
# title: A replica with another policy than its primary
# description: "Whoever is kept from the primary may use the same key material through the replica, or is shut out there when the Region has to take over."
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
#       description: Replicas whose policy differs on purpose, by address, logical id or Kind/name; * stands for any characters
#   remediation: Give both the same policy, with the Region's name filled in, or name the replica in the setting `replica_policy_drift.ignore`.
#   snippets:
#     terraform: |
#       resource "aws_kms_replica_key" "orders" {
#         primary_key_arn = aws_kms_key.orders.arn
#         policy          = aws_kms_key.orders.policy
#       }
#     kubernetes: |
#       spec:
#         policy: |   # that of the primary, word for word
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
	differ := max({count(own | others) | some primary in primaries; [own, others] := _differing(replica, primary)})
	message := $"The replica's key policy differs from that of its primary key {replicas.name(primaries)}: {_statements(differ)} in only one of the two policies."
}

unknown contains result.at_policy(replica, message) if {
	some [replica, primaries] in _pairs
	question := $"the replica's key policy matches that of its primary key {replicas.name(primaries)}"
	message := result.cannot_tell(question, _verdict(replica, primaries))
}

_statements(n) := "1 statement is" if {
	n == 1
} else := $"{n} statements are"

_verdict(replica, primaries) := replicas.agreement(replica, {_differ(replica, primary) | some primary in primaries})

_differ(replica, primary) := truth.no if {
	_differing(replica, primary) == [set(), set()]
} else := truth.yes if {
	[own, others] := _differing(replica, primary)
	_drifted(own, others)
} else := truth.unknown(value.causes_in(unknown, "a part of a policy")) if {
	[own, others] := _differing(replica, primary)
	unknown := [text | some text in (own | others); contains(text, "⟨")]
}

# The statements of each that the other lacks, as texts.
_differing(replica, primary) := [_texts(replica) - _texts(primary), _texts(primary) - _texts(replica)]

# Regions are not unknown: they are written alike.
_texts(key) := {replace(text, "⟨region⟩", "(region)") | some text in key.policy.canonical}

# A statement of which all is known is missing on the other side for certain unless one with unknown parts may be it.
_drifted(own, others) if _lacks(own, others)

_drifted(own, others) if _lacks(others, own)

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

# Whether two statements have only such parts as fit one of the other, in whatever order.
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

# The strings of a statement, each with the names that lead to it, one a line; unknown parts without what they are.
_parts(text) := {part |
	walk(json.unmarshal(text), [path, end])
	is_string(end)
	lines := concat("", [$"\n{name}" | some name in array.concat(path, [end]); is_string(name)])
	part := strings.replace_n({hole[0]: "⟨⟩" | some hole in regex.find_all_string_submatch_n("⟨[^⟩]+⟩", lines, -1)}, lines)
}

# An unknown part stands for what is on its line; one that is the whole end, also for more names.
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
