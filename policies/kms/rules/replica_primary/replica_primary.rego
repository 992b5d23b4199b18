# METADATA
# title: A replica of what cannot be replicated
# description: "KMS refuses to make the replica, and the deployment fails half-way."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
# custom:
#   level: error
#   category: multi-region
#   formats: [cloudformation, plan]
#   remediation: Name the ARN of a multi-Region primary key; a key with imported material needs a replica for imported material.
#   snippets:
#     cloudformation: |
#       PrimaryKeyArn: !Ref PrimaryKeyArn   # arn:aws:kms:eu-west-1:111122223333:key/mrk-…
#     terraform: |
#       primary_key_arn = aws_kms_key.orders.arn   # with multi_region = true
package kms.rules.replica_primary

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   The primary of a replica is a single-Region key, is itself a replica, has imported material while the replica is a plain
#   one, or is not given by the ARN of a key. It is unknown where the primary's settings are not known, and of a primary
#   outside the input.
# custom:
#   exceptions:
#   - Replicas with imported material of a primary that has it as well.
#   when_not: Never; the deployment fails.
fail contains result.at_field(replica, "primary", message) if {
	some [replica, primary] in _pairs
	some [fails, message] in _problems(replica, primary)
	fails == truth.yes
}

fail contains result.at_field(replica, "primary", message) if {
	some replica in input.keys
	text := replica.primary.text
	is_string(text)
	not _names_key(text)
	message := $"The primary is given as {text}, and a replica takes the ARN of a multi-Region key: arn:…:key/mrk-…."
}

unknown contains result.at_field(replica, "primary", message) if {
	some [replica, primary] in _pairs
	truths := {fails | some [fails, _] in _problems(replica, primary)}
	truth.any_of(truths) == truth.unknown
	message := $"Whether {primary.resource} can be replicated is not known: {result.unknowns(primary.settings, ["multiRegion", "origin"])}."
}

# The ARN of a replica, or of a key with imported material, looks like that of any other.
unknown contains result.at_field(replica, "primary", message) if {
	some replica in input.keys
	replica.kind == "replica"
	count(replica.primary.keys) == 0
	_may_name_key(replica.primary.text)
	message := $"Whether the primary can be replicated is not known: {_out_of_sight(replica.primary.text)}."
}

_may_name_key(text) if not is_string(text)

_may_name_key(text) if _names_key(text)

_out_of_sight(text) := $"{text} is outside the input" if {
	is_string(text)
} else := value.why(text)

_problems(replica, primary) := [
	[
		value.is(object.get(primary.settings, "multiRegion", true), false),
		$"The primary {primary.resource} is a single-Region key, which cannot become one of several Regions.",
	],
	[
		truth.from(primary.kind == "replica"),
		$"The primary {primary.resource} is itself a replica.",
	],
	[
		truth.every_of({value.is(object.get(primary.settings, "origin", "AWS_KMS"), "EXTERNAL"), truth.from(_plain(replica))}),
		$"The material of the primary {primary.resource} is imported, and the replica is one for material of KMS.",
	],
]

_plain(replica) if {
	replica.type == "aws_kms_replica_key"
} else := false

# Of a text with unknown parts the known ones are read; the ids of multi-Region keys begin with mrk-.
_names_key(text) if contains(text, "⟨")

_names_key(text) if regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/mrk-`, text)

_pairs := [[replica, primary] |
	some replica in input.keys
	replica.kind == "replica"
	some id in replica.primary.keys
	some primary in input.keys
	primary.id == id
]
