# METADATA
# title: Rotation configured on a key that cannot rotate
# description: "AWS KMS automatically rotates only symmetric encryption keys whose key material it generated. For any other key, the deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   level: error
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Remove the rotation settings, or create a key that supports rotation (SYMMETRIC_DEFAULT, origin AWS_KMS, no
#     custom key store).
#   snippets:
#     cloudformation: |
#       KeySpec: RSA_4096
#       KeyUsage: SIGN_VERIFY
#       EnableKeyRotation: false
#     terraform: |
#       customer_master_key_spec = "RSA_4096"
#       key_usage                = "SIGN_VERIFY"
#       enable_key_rotation      = false
#     kubernetes: |
#       spec:
#         keySpec: RSA_4096
#         keyUsage: SIGN_VERIFY
#         enableKeyRotation: false
package kms.rules.rotation_unsupported

import data.kms.lib.result
import data.kms.lib.rotation
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when rotation or a rotation period is set on a key that does not support it because of its spec, usage,
#   origin or key store, or because it is a replica key.
# custom:
#   exceptions:
#   - Disabled keys.
#   when_not: Never. The deployment fails.
fail contains result.at_field(key, "rotation", message) if {
	some key in input.keys
	_verdict(key) == truth.yes
	message := $"Automatic key rotation is configured, but AWS KMS cannot rotate this key: {rotation.obstacle(key)}."
}

unknown contains result.at_field(key, "rotation", message) if {
	some key in input.keys
	message := result.cannot_tell("automatic key rotation is configured for a key that AWS KMS cannot rotate", _verdict(key))
}

_verdict(key) := truth.every_of({
	truth.any_of({
		value.is(key.properties.rotation, true),
		value.above(object.get(key.properties, "rotationPeriodDays", null), 0),
	}),
	_cannot(key),
})

_cannot(key) := truth.yes if key.kind == "replica"

_cannot(key) := truth.negate(rotation.possible(key.properties)) if key.kind == "key"
