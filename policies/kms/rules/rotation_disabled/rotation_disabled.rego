# METADATA
# title: The key does not rotate
# description: "Rotation bounds how much one key material ever encrypts; it costs nothing and changes neither ARN nor alias."
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
#   remediation: |
#     Turn automatic rotation on.
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
#   An enabled symmetric encryption key with material of KMS, in no custom key store, for which automatic
#   rotation is off.
# custom:
#   exceptions:
#   - 'Keys that cannot rotate: asymmetric and HMAC keys, imported material, custom key stores.'
#   - 'Replicas: they rotate with their primary.'
#   - Disabled keys.
#   when_not: Keys are rotated by hand, behind an alias.
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
