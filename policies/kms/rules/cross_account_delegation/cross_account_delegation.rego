# METADATA
# title: Another account can delegate access to the key
# description: "With `kms:*` or an unrestricted CreateGrant, another account decides which principals use your key. The key policy does not show those principals."
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
#     Allow the other account only the actions that it needs, and allow CreateGrant only through AWS services.
#   snippets:
#     policy: |
#       {
#         "Sid": "AllowPartnerGrantsForAWSResources",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"},
#         "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
#         "Resource": "*",
#         "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}
#       }
#     cloudformation: |
#       - Sid: AllowPartnerGrantsForAWSResources
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
#         Sid       = "AllowPartnerGrantsForAWSResources"
#         Effect    = "Allow"
#         Principal = { AWS = "arn:aws:iam::444455556666:role/reader" }
#         Action    = ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"]
#         Resource  = "*"
#         Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
#       }
package kms.rules.cross_account_delegation

import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow gives `kms:*` or CreateGrant to a principal in another account, or to everyone under a
#   condition that reaches beyond the owner account. CreateGrant passes if `kms:GrantIsForAWSResource` or a narrow
#   `kms:GrantOperations` or `kms:GranteePrincipal` restricts it. The verdict is unknown when the owner of the key
#   or the account of the principal is unknown.
# custom:
#   exceptions:
#   - The statement that the AWS KMS console adds for the attachment of persistent resources, because it requires `kms:GrantIsForAWSResource`.
#   when_not: |
#     If you also own the other account and it administers the key on purpose, name the owner with `--account`, or
#     suppress the finding with a reason.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows {result.principal(principal)} {_grant_text(statement)}; only the owner account should delegate access to the key.{scope.ineffective_restrictions(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} allows an external principal {_grant_text(statement)}", verdict)
}

_verdicts := [[key, statement, principal, verdict] |
	some [key, statement, index, principal] in policy.principals
	access.any(statement, index, "beyondOwner") != truth.no
	verdict := _can_delegate(statement, index)
]

# Full access is delegation even if a Deny takes away CreateGrant.
_can_delegate(statement, index) := truth.any_of({
	_can_create_grants(statement, index),
	access.truth_of(statement, index, "beyondOwner", "Decrypt"),
}) if {
	policy.has_full_wildcard(statement)
} else := _can_create_grants(statement, index)

_can_create_grants(statement, index) := truth.every_of({
	access.truth_of(statement, index, "beyondOwner", "CreateGrant"),
	access.truth_of(statement, index, "delegation", "CreateGrant"),
})

_grant_text(statement) := "kms:*" if policy.has_full_wildcard(statement)

else := "kms:CreateGrant without a condition that restricts grants"
