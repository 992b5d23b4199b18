# METADATA
# title: Invalid primary key for a replica key
# description: "AWS KMS refuses to create the replica key, and the deployment fails partway."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
# custom:
#   level: error
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Use the ARN of a multi-Region primary key. If the primary key has imported key material, use a replica
#     resource for imported key material.
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
#   Fails when the primary key is a single-Region key, is itself a replica key, or is not given by key ARN. Also
#   fails when the primary key has imported key material and the replica resource does not support it. The verdict
#   is unknown when the primary key is outside the input or its properties are unknown.
# custom:
#   exceptions:
#   - A multi-Region primary key that is given by its ARN.
#   - Replica keys with imported key material whose primary key also has imported key material.
#   when_not: Never. The deployment fails.
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
	truth.is_unknown(verdict)
	message := result.cannot_tell($"AWS KMS can replicate {replicas.name(primaries)}", verdict)
}

# An ARN does not show whether a key is a replica or has imported material.
unknown contains result.at_field(replica, "primary", message) if {
	some replica in input.keys
	count(replica.primary.keys) == 0
	not _is_no_arn(replica)
	verdict := truth.unknown(causes.reference(replica.primary))
	message := result.cannot_tell("AWS KMS can replicate the primary key", verdict)
}

# The problems that a primary can have, each with its truth and message.
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
		truth.every_of({replicas.agreement(replica, {_is_imported(primary) | some primary in primaries}), truth.from(_is_for_kms_material(replica))}),
		$"The primary key {replicas.name(primaries)} has imported key material; its replica requires a resource type that imports key material, not {replica.type}.",
	],
]

_is_imported(primary) := value.is(object.get(primary.properties, "origin", "AWS_KMS"), "EXTERNAL")

_is_for_kms_material(replica) if {
	regex.match(`^aws_kms_replica_key$|/ReplicaKey$`, replica.type)
} else := false

# Holds if the primary is certainly not the ARN of a multi-Region key. The ID of such a key begins with mrk-.
_is_no_arn(replica) if {
	is_string(replica.primary.text)
	text := _with_unknown_parts(replica.primary.text)
	not contains(text, "⟨")
	not _is_id_for_ack(replica)
	not regex.match(`^arn:[^:]*:kms:[^:]*:[^:]*:key/mrk-`, text)
}

# ACK passes the value to AWS KMS, which accepts key IDs too.
_is_id_for_ack(replica) if {
	startswith(replica.type, "kms.services.k8s.aws/")
	regex.match(`^mrk-`, replica.primary.text)
}

# The known parts of an ARN can be enough to decide.
_is_no_arn(replica) if {
	some [_, service, name] in targets.arn_parts(_with_unknown_parts(targets.as_written(replica.primary)))
	not _may_be_key(service, name)
}

_is_no_arn(replica) if targets.mismatch({"type": replica.type, "scope": replica.scope, "target": replica.primary})

# A reference to a key ID.
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

# Placeholders of other tools are unknown parts.
_with_unknown_parts(text) := strings.replace_n({hole: "⟨⟩" | some hole in alias_name.placeholders(text)}, text)
