# METADATA
# title: Principal was deleted
# description: "After a user or role is deleted, the key policy shows its unique ID instead of its ARN. The statement no longer grants anything, not even to a new role with the same name."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Replace the unique ID with the ARN of the intended principal, or remove the statement.
#   snippets:
#     policy: |
#       "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}
#     cloudformation: |
#       Principal:
#         AWS: !GetAtt AppRole.Arn
#     terraform: |
#       Principal = { AWS = aws_iam_role.app.arn }
package kms.rules.dangling_principal

import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: Fails when a principal in an Allow or a Deny is a unique ID such as AROA… or AIDA….
# custom:
#   exceptions:
#   - Unique IDs in conditions on `aws:userid`.
#   when_not: Never. The principal no longer exists.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	message := $"{result.subject(statement)} names {principal.text}, the unique ID of a deleted principal, instead of the ARN of an existing principal."
}

unknown := set()

_principals := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in statement.principals
	principal.kind == "unique-id"
]
