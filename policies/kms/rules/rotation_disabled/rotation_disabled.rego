# METADATA
# title: Automatic rotation is off
# description: "Rotation limits how much data one version of the key material encrypts. The ARN, the aliases and the existing ciphertexts of the key keep working."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   level: warning
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   controls:
#     AWS Control Tower: [CT.KMS.PR.1]
#     AWS Security Hub: [KMS.4]
#     CIS AWS Foundations Benchmark v3.0: ["3.6"]
#     PCI DSS v4.0.1: ["3.7.4"]
#   remediation: Turn on automatic rotation.
#   snippets:
#     cloudformation: |
#       EnableKeyRotation: true
#     terraform: |
#       enable_key_rotation = true
#     kubernetes: |
#       spec:
#         enableKeyRotation: true
package kms.rules.rotation_disabled

import data.kms.lib.result
import data.kms.lib.rotation
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when automatic rotation is off for an enabled symmetric encryption key with key material that AWS KMS
#   generated. Keys in a custom key store do not count.
# custom:
#   exceptions:
#   - 'Keys that cannot rotate automatically: asymmetric keys, HMAC keys, keys with imported key material, and keys in a custom key store.'
#   - Replica keys, because they rotate with their primary key.
#   - Disabled keys.
#   when_not: Turn this rule off if you rotate keys manually behind an alias.
fail contains result.at_field(key, "rotation", "Automatic key rotation is disabled, although AWS KMS supports it for this key.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at_field(key, "rotation", message) if {
	some key in input.keys
	message := result.cannot_tell("automatic key rotation is disabled for a key that supports it", _verdict(key))
}

_verdict(key) := truth.every_of({
	rotation.possible(key.properties),
	value.is(key.properties.enabled, true),
	value.is(key.properties.rotation, false),
}) if {
	key.kind == "key"
}
