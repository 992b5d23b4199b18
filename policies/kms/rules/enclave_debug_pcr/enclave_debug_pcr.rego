# METADATA
# title: Enclave in debug mode accepted
# description: "The PCRs of a Nitro Enclave in debug mode consist of zeros, whatever code the enclave runs. Anyone who can start an enclave with the role can read its memory, and with it the decrypted data."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
# - https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Build the enclave image and use the PCR0 that `nitro-cli build-enclave` prints. Don't start the enclave with
#     `--debug-mode`.
#   snippets:
#     policy: |
#       {
#         "Sid": "AllowEnclave",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::111122223333:role/enclave"},
#         "Action": "kms:Decrypt",
#         "Resource": "*",
#         "Condition": {
#           "StringEqualsIgnoreCase": {
#             "kms:RecipientAttestation:ImageSha384": "287b24930a9f0fe14b01a71ecdc00d8be8fad90f9834d547158854b8279c74095c43f8d7f047714e98deb7903f20e3dd"
#           }
#         }
#       }
#     cloudformation: |
#       - Sid: AllowEnclave
#         Effect: Allow
#         Principal:
#           AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/enclave
#         Action: kms:Decrypt
#         Resource: "*"
#         Condition:
#           StringEqualsIgnoreCase:
#             kms:RecipientAttestation:ImageSha384: 287b24930a9f0fe14b01a71ecdc00d8be8fad90f9834d547158854b8279c74095c43f8d7f047714e98deb7903f20e3dd
#     terraform: |
#       {
#         Sid       = "AllowEnclave"
#         Effect    = "Allow"
#         Principal = { AWS = "arn:aws:iam::111122223333:role/enclave" }
#         Action    = "kms:Decrypt"
#         Resource  = "*"
#         Condition = {
#           StringEqualsIgnoreCase = {
#             "kms:RecipientAttestation:ImageSha384" = "287b24930a9f0fe14b01a71ecdc00d8be8fad90f9834d547158854b8279c74095c43f8d7f047714e98deb7903f20e3dd"
#           }
#         }
#       }
package kms.rules.enclave_debug_pcr

import data.kms.lib.enclaves
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the conditions of a statement on `kms:RecipientAttestation:ImageSha384` or
#   `kms:RecipientAttestation:PCR0` accept zeros: an Allow with a value or pattern that zeros match, or with a negated
#   operator; a Deny that exempts zeros. The verdict is unknown when a value is unknown.
# custom:
#   exceptions:
#   - Zeros for other PCRs.
#   when_not: Turn this rule off for keys that only protect test data.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	_verdict(statement) == truth.yes
	message := $"{result.subject(statement)} accepts an enclave in debug mode: the condition on {condition.name} accepts a PCR0 of zeros; the PCR0 of the enclave image is required."
}

unknown contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	policy.is_resolved(key)
	message := result.cannot_tell($"{result.statement(statement)} accepts an enclave in debug mode", _verdict(statement))
}

# All conditions of an Allow have to accept the enclave; one condition of a Deny exempts it.
_verdict(statement) := truth.every_of({
	policy.has_effect(statement, "Allow"),
	truth.every_of({enclaves.accepts_zeros(c) | some c in _on_image(statement)}),
}) if {
	statement.effect != "Deny"
} else := truth.every_of({
	policy.has_effect(statement, "Deny"),
	truth.any_of({_exempts_zeros(c) | some c in _on_image(statement)}),
})

_exempts_zeros(c) := enclaves.names_zeros(c) if {
	enclaves.is_negated(c)
} else := truth.no

_on_image(statement) := [c | some c in statement.conditions; c.key in enclaves.image_keys]

_conditions := [[key, statement, _on_image(statement)[0]] |
	some key in policy.readable
	some statement in key.policy.statements
	some effect in ["Allow", "Deny"]
	count(enclaves.actions(statement, effect)) > 0
]
