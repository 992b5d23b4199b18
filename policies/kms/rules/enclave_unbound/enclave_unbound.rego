# METADATA
# title: Attestation without an enclave image
# description: "A condition on PCR3 or PCR4 only checks the role or the instance that the enclave runs on. Any code in an enclave there can decrypt."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
# - https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
# custom:
#   level: note
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Add a condition on `kms:RecipientAttestation:ImageSha384`, or on PCR0, PCR1, PCR2 or PCR8, with the value of
#     your enclave image.
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
package kms.rules.enclave_unbound

import data.kms.lib.enclaves
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a statement allows access to enclaves with an attestation document, but no condition limits
#   `kms:RecipientAttestation:ImageSha384`, PCR0, PCR1, PCR2 or PCR8 to certain values. The verdict is unknown when such a
#   condition has an unknown pattern.
# custom:
#   exceptions:
#   - Statements to which a Deny in the same key policy adds such a condition.
#   - Conditions on NitroTPM, which attests EC2 instances and not enclaves.
#   when_not: Turn this rule off if only trusted code can start enclaves with the role.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	_verdict(key, statement) == truth.yes
	message := $"{result.subject(statement)} accepts any enclave image: its attestation conditions limit neither the image (ImageSha384, PCR0, PCR1, PCR2) nor its signing certificate (PCR8)."
}

unknown contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	policy.is_resolved(key)
	message := result.cannot_tell($"{result.statement(statement)} accepts any enclave image", _verdict(key, statement))
}

_verdict(key, statement) := truth.every_of({
	policy.has_effect(statement, "Allow"),
	truth.negate(truth.any_of({enclaves.binds(c) | some c in statement.conditions})),
	truth.negate(truth.any_of({_is_bound_by(deny) |
		some deny in key.policy.statements
		count(enclaves.actions(deny, "Deny")) > 0
	})),
})

_is_bound_by(deny) := truth.any_of({enclaves.denies_unbound(c) | some c in deny.conditions})

_conditions := [[key, statement, enclaves.of_enclaves(statement)[0]] |
	some key in policy.readable
	some statement in key.policy.statements
	count(enclaves.actions(statement, "Allow")) > 0
]
