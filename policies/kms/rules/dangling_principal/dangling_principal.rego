# METADATA
# title: A principal that was deleted
# description: "When a user or role is deleted, KMS shows its unique id in its place; the statement gives nothing any more, also not to a new role of the same name."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Name the ARN of the principal that is meant today, or take the statement out.
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
# description: |
#   A unique id such as AROA… or AIDA… as a principal, in an Allow or a Deny.
# custom:
#   exceptions:
#   - Unique ids in conditions on aws:userid.
#   when_not: Never; the principal is gone.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	message := $"{result.subject(statement)} names {principal.text}: the principal with this unique id was deleted."
}

unknown := set()

_principals := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in statement.principals
	principal.kind == "unique-id"
]
