# METADATA
# title: RSA_2048 key for encryption
# description: "Data that is encrypted today may have to stay secret for years. NIST advises against RSA keys shorter than 3072 bits after 2030."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   controls:
#     AWS Control Tower: [CT.KMS.PR.2]
#   remediation: Use RSA_3072 or RSA_4096. If nobody outside AWS encrypts, use a symmetric key.
#   snippets:
#     cloudformation: |
#       KeySpec: RSA_4096
#       KeyUsage: ENCRYPT_DECRYPT
#     terraform: |
#       customer_master_key_spec = "RSA_4096"
#       key_usage                = "ENCRYPT_DECRYPT"
#     kubernetes: |
#       spec:
#         keySpec: RSA_4096
#         keyUsage: ENCRYPT_DECRYPT
package kms.rules.weak_key_spec

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key has the spec RSA_2048 and the usage ENCRYPT_DECRYPT. The verdict is unknown when an unknown
#   spec or usage may be one of these.
# custom:
#   exceptions:
#   - RSA_2048 keys for signatures.
#   when_not: Turn this rule off if the data encrypted under the key is short-lived.
fail contains result.at_field(key, "spec", "Key spec for encryption is RSA_2048; the recommended minimum is RSA_3072.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at_field(key, "spec", message) if {
	some key in input.keys
	message := result.cannot_tell("the key encrypts with RSA_2048", _verdict(key))
}

_verdict(key) := truth.every_of({
	value.is(key.properties.spec, "RSA_2048"),
	value.is(key.properties.usage, "ENCRYPT_DECRYPT"),
})
