# METADATA
# title: Another account can pass the key on
# description: "With kms:* or an unconstrained CreateGrant another account decides who uses your key, and you do not see it in the key policy."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Give the other account single actions, and grants only through AWS services.
#   snippets:
#     policy: |
#       {
#         "Sid": "GrantsOfServicesForPartner",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"},
#         "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
#         "Resource": "*",
#         "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}
#       }
#     cloudformation: |
#       - Sid: GrantsOfServicesForPartner
#         Effect: Allow
#         Principal:
#           AWS: arn:aws:iam::444455556666:role/reader
#         Action: [kms:CreateGrant, kms:ListGrants, kms:RevokeGrant]
#         Resource: "*"
#         Condition:
#           Bool:
#             kms:GrantIsForAWSResource: "true"
#     terraform: |
#       {
#         Sid       = "GrantsOfServicesForPartner"
#         Effect    = "Allow"
#         Principal = { AWS = "arn:aws:iam::444455556666:role/reader" }
#         Action    = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
#         Resource  = "*"
#         Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
#       }
package kms.rules.cross_account_delegation

import data.kms.lib.external
import data.kms.lib.grants
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   An Allow that gives a principal of another account, or everyone behind a fence that reaches beyond the
#   owner, kms:* or a CreateGrant that neither kms:GrantIsForAWSResource nor a narrow kms:GrantOperations or
#   kms:GranteePrincipal confines. It is unknown where the owner of the key or the account of the principal is
#   not known.
# custom:
#   exceptions:
#   - 'The console''s statement for the attachment of persistent resources, which asks for kms:GrantIsForAWSResource.'
#   when_not: 'The other account is yours as well and administers the key on purpose: name the owner with --account, or suppress the finding with a reason.'
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _candidates
	_verdict(key, statement, principal) == truth.yes
	message := $"{result.subject(statement)} gives {external.name(principal)} {_grant_text(statement)}: it can hand the key on to whom it likes.{scope.ineffective_restrictions(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _candidates
	policy.is_resolved(key)
	verdict := _verdict(key, statement, principal)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} gives another account {_grant_text(statement)}", verdict)
}

_candidates := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	external.is_beyond_owner(key, statement, principal) != truth.no
]

_verdict(key, statement, principal) := truth.every_of({
	external.is_beyond_owner(key, statement, principal),
	truth.any_of({external.grants_action(key, statement, principal, action) | some action in _deciding_actions(statement)}),
	truth.negate(grants.are_constrained(key, statement, principal)),
})

# Full access is delegation even if a Deny takes away CreateGrant.
_deciding_actions(statement) := {"CreateGrant", "Decrypt"} if policy.has_full_wildcard(statement)

else := {"CreateGrant"}

_grant_text(statement) := "kms:*" if policy.has_full_wildcard(statement)

else := "kms:CreateGrant without a constraint on the grants"
