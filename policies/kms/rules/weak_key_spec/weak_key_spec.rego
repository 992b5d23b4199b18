# METADATA
# title: RSA with 2048 bits for encryption
# description: "What is encrypted today has to stay secret for years, and NIST advises against RSA keys below 3072 bits from 2030 on."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   controls:
#     AWS Control Tower: [CT.KMS.PR.2]
#   remediation: Take RSA_3072 or RSA_4096, or a symmetric key where nobody outside AWS encrypts.
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
#   A key of spec RSA_2048 and usage ENCRYPT_DECRYPT. It is unknown where the spec or the usage is not known and may be
#   these.
# custom:
#   exceptions:
#   - RSA_2048 for signatures.
#   when_not: What others encrypt under the key is of short life.
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
