# METADATA
# title: A replica of what cannot be replicated
# description: "KMS refuses to make the replica, and the deployment fails half-way."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
# custom:
#   level: error
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Name the ARN of a multi-Region primary key; a key with imported material needs a replica for imported material.
#   snippets:
#     cloudformation: |
#       PrimaryKeyArn: !Ref PrimaryKeyArn   # arn:aws:kms:eu-west-1:111122223333:key/mrk-…
#     terraform: |
#       primary_key_arn = aws_kms_key.orders.arn   # with multi_region = true
#     kubernetes: |
#       spec:
#         keyRef:
#           from:
#             name: orders   # a Key with multiRegion: true
package kms.rules.replica_primary

import data.kms.lib.alias_name
import data.kms.lib.causes
import data.kms.lib.replicas
import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   The primary of a replica is a single-Region key, is itself a replica, has imported material while the replica is a plain
#   one, or is not given by the ARN of a key. It is unknown where the primary is outside the input, or its settings are not
#   known.
# custom:
#   exceptions:
#   - A multi-Region primary key, given by its ARN.
#   - Replicas with imported material of a primary that has it as well.
#   when_not: Never; the deployment fails.
fail contains result.at_field(replica, "primary", message) if {
	some [replica, primaries] in replicas.pairs
	some [verdict, message] in _problems(replica, primaries)
	verdict == truth.yes
}

fail contains result.at_field(replica, "primary", message) if {
	some replica in input.keys
	_is_no_arn(replica)
	message := $"The primary key is set to {targets.as_written(replica.primary)}; a replica requires the ARN of a multi-Region key, such as arn:…:key/mrk-…."
}

unknown contains result.at_field(replica, "primary", message) if {
	some [replica, primaries] in replicas.pairs
	verdict := truth.any_of({problem | some [problem, _] in _problems(replica, primaries); truth.is_unknown(problem)})
	message := result.cannot_tell($"AWS KMS can replicate {replicas.name(primaries)}", verdict)
}

# The ARN of a replica, or of a key with imported material, looks like that of any other.
unknown contains result.at_field(replica, "primary", message) if {
	some replica in input.keys
	count(replica.primary.keys) == 0
	not _is_no_arn(replica)
	verdict := truth.unknown(causes.reference(replica.primary))
	message := result.cannot_tell("AWS KMS can replicate the primary key", verdict)
}

# What is wrong with a primary, by what holds of each key that it may be.
_problems(replica, primaries) := [
	[
		replicas.agreement(replica, {value.is(object.get(primary.properties, "multiRegion", true), false) | some primary in primaries}),
		$"The primary key {replicas.name(primaries)} is a single-Region key; AWS KMS replicates only multi-Region keys.",
	],
	[
		replicas.agreement(replica, {truth.from(primary.kind == "replica") | some primary in primaries}),
		$"The primary key {replicas.name(primaries)} is itself a replica; AWS KMS replicates only primary keys.",
	],
	[
		truth.every_of({replicas.agreement(replica, {_imported(primary) | some primary in primaries}), truth.from(_plain(replica))}),
		$"The primary key {replicas.name(primaries)} has imported key material; its replica requires a resource type that imports key material, not {replica.type}.",
	],
]

_imported(primary) := value.is(object.get(primary.properties, "origin", "AWS_KMS"), "EXTERNAL")

_plain(replica) if {
	regex.match(`^aws_kms_replica_key$|/ReplicaKey$`, replica.type)
} else := false

# Whether the primary is certainly not given by the ARN of a multi-Region key, the id of which begins with mrk-.
_is_no_arn(replica) if {
	is_string(replica.primary.text)
	text := _filled(replica.primary.text)
	not contains(text, "⟨")
	not _is_id_for_ack(replica)
	not regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/mrk-`, text)
}

# ACK hands to KMS what is written, and KMS takes ids as well.
_is_id_for_ack(replica) if {
	startswith(replica.type, "kms.services.k8s.aws/")
	regex.match(`^mrk-`, replica.primary.text)
}

# Also of an ARN with unknown parts the known ones tell.
_is_no_arn(replica) if {
	some [_, service, name] in targets.arn_parts(_filled(targets.as_written(replica.primary)))
	not _may_be_key(service, name)
}

_is_no_arn(replica) if targets.mismatch({"type": replica.type, "scope": replica.scope, "target": replica.primary})

# A reference to the id of a key.
_is_no_arn(replica) if {
	not startswith(replica.type, "AWS::")
	regex.match(`(^|\.)aws(cc)?_kms_[a-z_]*key\.[^.]+\.(id|key_id)$`, replica.primary.text.unknown.expression)
}

_is_no_arn(replica) if {
	startswith(replica.type, "AWS::")
	some id in replica.primary.keys
	some key in input.keys
	key.id == id
	replica.primary.text.unknown.expression in {key.resource, $"{key.resource}.KeyId"}
}

_may_be_key("kms", name) if regex.match(`^(key/(mrk-|m?r?k?⟨)|⟨)`, name)

# What some other tool fills in is not known.
_filled(text) := strings.replace_n({hole: "⟨⟩" | some hole in alias_name.placeholders(text)}, text)
