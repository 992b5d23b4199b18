# METADATA
# title: Full access to every key in an identity policy
# description: "Whoever has the policy can read what every key of the account protects, rewrite key policies and delete the keys, as far as key policies leave it to IAM."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html
# custom:
#   level: warning
#   category: around
#   formats: [cloudformation, plan]
#   controls:
#     AWS Security Hub: [KMS.1, KMS.2]
#   remediation: |
#     Name the actions that are needed and the ARNs of the keys they are needed for.
#   snippets:
#     cloudformation: |
#       - Effect: Allow
#         Action: [kms:Decrypt, kms:GenerateDataKey]
#         Resource: !GetAtt Key.Arn
#     terraform: |
#       statement {
#         actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
#         resources = [aws_kms_key.orders.arn]
#       }
package kms.rules.iam_full_access

import data.kms.lib.identity
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   An identity policy with a statement that allows `kms:*`, `*` or, under NotAction, every action on keys,
#   on every key: `*`, or a pattern such as `arn:aws:kms:*:111122223333:key/*`.
# custom:
#   exceptions:
#   - Statements that a condition confines to services, aliases, tags, an encryption context or the account of the key.
#   - What a Deny of the same policy takes back.
#   when_not: Administrators of a whole account have to have everything, and no other tool looks after them.
fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in identity.statements
	identity.full_access(holder, statement) == truth.yes
	message := $"{identity.subject(holder, statement)} allows every KMS action on every key."
}

unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in identity.statements
	identity.is_resolved(holder)
	verdict := identity.full_access(holder, statement)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{identity.statement(holder, statement)} allows every KMS action on every key", verdict)
}
