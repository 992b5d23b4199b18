# METADATA
# title: Enclave attestation bypassed
# description: "The principal can decrypt outside the enclave, so the attestation condition protects nothing."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
# - https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Remove the actions from the other statement, or add the attestation condition to it. Use a condition without
#     IfExists, because a request from outside an enclave has no attestation document.
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
package kms.rules.enclave_attestation_bypassed

import data.kms.lib.causes
import data.kms.lib.enclaves
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a statement allows a principal Decrypt, GenerateDataKey, GenerateDataKeyPair or DeriveSharedSecret under
#   an attestation condition (`kms:RecipientAttestation`), and another statement, or the same one, also allows it
#   without an attestation document.
# custom:
#   exceptions:
#   - A statement without conditions for the account root principal.
#   - Actions that a Deny refuses without an attestation document.
#   when_not: Never. If a principal needs access outside the enclave, suppress the finding with a reason.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement, verdicts] in _verdicts
	names := {principal.text | some [principal, _, verdict] in verdicts; verdict == truth.yes}
	actions := {$"kms:{action}" | some [_, action, verdict] in verdicts; verdict == truth.yes}
	count(actions) > 0
	message := $"{result.subject(statement)} allows {result.short_list(names)} {result.short_list(actions)} without an attestation document, which {_attesting(statement)}."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement, verdicts] in _verdicts
	policy.is_resolved(key)
	verdict := truth.any_of({verdict | some [_, _, verdict] in verdicts})
	message := result.cannot_tell($"{result.statement(statement)} bypasses the attestation of an enclave", verdict)
}

_attesting(statement) := "its attestation condition also accepts" if {
	enclaves.expects_attestation(statement)
} else := "another statement requires"

# For each statement that does not require attestation: a principal and an action that another statement attests.
_verdicts := [[key, statement, verdicts] |
	some [key, attested] in _attested_keys
	some statement in key.policy.statements
	enclaves.requires_attestation(statement) != truth.yes
	verdicts := [[principal, action, _bypasses(key, statement, principal, action)] |
		some [other, principal] in attested
		some action in enclaves.actions(statement, "Allow")
		action in enclaves.actions(other, "Allow")
		not _is_documented_root(statement)
		action != "GenerateRandom"
	]
	count(verdicts) > 0
]

# Keys with the principals of the statements that have an attestation condition.
_attested_keys := [[key, attested] |
	some key in policy.readable
	attested := [[statement, principal] |
		some statement in key.policy.statements
		enclaves.expects_attestation(statement)
		some principal in _named(statement)
	]
	count(attested) > 0
]

# The account root principal delegates to IAM policies.
_is_documented_root(statement) if {
	count(statement.conditions) == 0
	every principal in statement.principals {
		principal.kind == "root"
	}
}

_bypasses(key, statement, principal, action) := truth.every_of({
	policy.has_effect(statement, "Allow"),
	policy.covers(statement, action),
	truth.negate(enclaves.requires_attestation(statement)),
	truth.any_of({_reaches(q, principal) | some q in _named(statement)}),
	truth.negate(truth.any_of({_denies(deny, principal, action) | some deny in key.policy.statements})),
})

_denies(deny, principal, action) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	policy.covers(deny, action),
	truth.any_of({_includes(q, principal) | some q in _named(deny)}),
	enclaves.denies_unattested(deny, principal),
})

# Everyone includes the principals that the other statement names, and a role its sessions.
_reaches(q, principal) := truth.yes if {
	principal.kind == "everyone"
	q.kind in {"user", "role", "assumed-role", "federated-user", "iam"}
} else := truth.yes if {
	principal.kind == "assumed-role"
	q.kind == "role"
	q.account == principal.account
	endswith(q.text, $"/{split(principal.text, "/")[1]}")
} else := _includes(q, principal)

# The truth of a principal of a statement including another principal.
_includes(q, principal) := truth.yes if {
	q.kind == "everyone"
} else := truth.unknown(causes.principal(q)) if {
	q.kind == "unknown"
} else := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.from(q.text == principal.text)

_named(statement) := [principal | some principal in statement.principals; not statement.notPrincipal]
