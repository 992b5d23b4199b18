# METADATA
# title: IAM policy allows full access to every key
# description: "A principal with this policy can decrypt data, rewrite key policies and delete keys. This applies to every key in the account whose key policy delegates access to IAM."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html
# custom:
#   level: warning
#   category: around
#   formats: [cloudformation, plan]
#   controls:
#     AWS Security Hub: [KMS.1, KMS.2]
#   remediation: |
#     List the actions that the principal needs and the ARNs of the keys. First check which actions the principal
#     uses today.
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
#   Fails when a statement in an IAM policy allows `kms:*`, `*` or, with NotAction, every action on keys, and its
#   Resource is every key: `*`, or a pattern such as `arn:aws:kms:*:111122223333:key/*`.
# custom:
#   exceptions:
#   - Statements that a condition restricts to services, aliases, tags, an encryption context or the key's account.
#   - Managed policies that only serve as a permissions boundary, because a boundary grants nothing.
#   - NotResource that names a key; `iam_decrypt_all_keys` checks it.
#   - Actions that a Deny in the same policy takes away.
#   when_not: Turn this rule off if account administrators need full access and no other tool monitors them.
fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in identity.statements
	identity.full_access(holder, statement) == truth.yes
	message := $"{identity.subject(holder, statement)} allows every AWS KMS action on every key without a condition that restricts access."
}

unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in identity.statements
	identity.is_resolved(holder)
	verdict := identity.full_access(holder, statement)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{identity.statement(holder, statement)} allows every AWS KMS action on every key", verdict)
}
