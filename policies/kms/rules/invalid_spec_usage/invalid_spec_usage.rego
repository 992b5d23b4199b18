# METADATA
# title: Invalid combination of key spec and key usage
# description: "AWS KMS rejects a key whose spec does not support its usage. Neither property can change after the key is created."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
# custom:
#   level: error
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Choose a valid combination: SYMMETRIC_DEFAULT with ENCRYPT_DECRYPT; HMAC_* with GENERATE_VERIFY_MAC; RSA_*
#     with ENCRYPT_DECRYPT or SIGN_VERIFY; ECC_NIST_P* with SIGN_VERIFY or KEY_AGREEMENT; ECC_SECG_P256K1,
#     ECC_NIST_EDWARDS25519 and ML_DSA_* with SIGN_VERIFY; ML_KEM_* with ENCAPSULATE_DECAPSULATE; SM2 with
#     ENCRYPT_DECRYPT, SIGN_VERIFY or KEY_AGREEMENT.
#   snippets:
#     cloudformation: |
#       KeySpec: ECC_NIST_P256
#       KeyUsage: SIGN_VERIFY
#     terraform: |
#       customer_master_key_spec = "ECC_NIST_P256"
#       key_usage                = "SIGN_VERIFY"
#     kubernetes: |
#       spec:
#         keySpec: ECC_NIST_P256
#         keyUsage: SIGN_VERIFY
package kms.rules.invalid_spec_usage

import data.kms.lib.result
import data.kms.lib.specs
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when AWS KMS does not accept the key spec and key usage together, or when either value does not exist. In
#   CloudFormation, a spec other than SYMMETRIC_DEFAULT without a usage also fails.
# custom:
#   exceptions:
#   - A missing usage in Terraform, because the provider defaults to ENCRYPT_DECRYPT.
#   when_not: Turn this rule off if AWS introduces a spec or usage that Keywarden does not know yet.
fail contains result.at_field(key, "spec", message) if {
	some [key, spec, _] in _pairs
	is_string(spec)
	not specs.usages[spec]
	message := $"{spec} is not an AWS KMS key spec."
}

fail contains result.at_field(key, "usage", message) if {
	some [key, _, usage] in _pairs
	is_string(usage)
	not usage in specs.all_usages
	message := $"{usage} is not an AWS KMS key usage."
}

fail contains result.at_field(key, "usage", message) if {
	some [key, spec, usage] in _pairs
	served := specs.usages[spec]
	usage in specs.all_usages
	not usage in served
	message := $"Key usage is {usage}; key spec {spec} requires {concat(" or ", sort(served))}."
}

fail contains result.at_field(key, "spec", message) if {
	some [key, spec, null] in _pairs
	served := specs.usages[spec]
	spec != "SYMMETRIC_DEFAULT"
	message := $"Key usage is not set; key spec {spec} requires {concat(" or ", sort(served))}."
}

unknown contains result.at_field(key, "spec", message) if {
	some [key, spec, usage] in _pairs
	unknown_values := {value.cause(content) | some content in [spec, usage]; value.is_unknown(content)}
	_is_undecided(spec, usage)
	message := result.cannot_tell("the key spec supports the key usage", truth.unknown(unknown_values))
}

_is_undecided(spec, usage) if {
	value.is_unknown(spec)
	not _is_invalid(usage)
}

_is_undecided(spec, usage) if {
	value.is_unknown(usage)
	specs.usages[spec]
}

_is_invalid(usage) if {
	is_string(usage)
	not usage in specs.all_usages
}

_pairs := [[key, key.properties.spec, object.get(key.properties, "usage", null)] |
	some key in input.keys
	key.kind == "key"
]
