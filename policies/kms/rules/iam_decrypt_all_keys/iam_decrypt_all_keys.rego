# METADATA
# title: IAM policy allows decryption with every key
# description: "A principal with this policy can decrypt everything that any key in the account protects, including keys created later."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html
# - https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html
# custom:
#   level: warning
#   category: around
#   formats: [cloudformation, plan]
#   controls:
#     AWS Security Hub: [KMS.1, KMS.2]
#   remediation: |
#     List the ARNs of the keys, or restrict the statement with `kms:ViaService`, `kms:ResourceAliases` or
#     `aws:ResourceTag`. First check which keys the principal decrypts with today.
#   snippets:
#     cloudformation: |
#       - Effect: Allow
#         Action: kms:Decrypt
#         Resource: !GetAtt Key.Arn
#     terraform: |
#       statement {
#         actions   = ["kms:Decrypt"]
#         resources = [aws_kms_key.orders.arn]
#       }
package kms.rules.iam_decrypt_all_keys

import data.kms.lib.identity
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a statement in an IAM policy allows Decrypt or ReEncryptFrom, with wildcards resolved, on every key:
#   `*`, a pattern such as `arn:aws:kms:*:111122223333:key/*`, or NotResource that names only some keys.
# custom:
#   exceptions:
#   - Statements restricted by a condition on `kms:ViaService`, `kms:ResourceAliases`, `aws:ResourceTag`, `kms:EncryptionContext` or `aws:ResourceAccount`.
#   - Managed policies that only serve as a permissions boundary, because a boundary grants nothing.
#   - Actions that a Deny in the same policy takes away.
#   - Policies that allow every action, which `iam_full_access` reports.
#   when_not: |
#     Turn this rule off if your key policies do not delegate access to IAM, because IAM policies then grant
#     nothing.
fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _candidates
	actions := [$"kms:{action}" | some action in _actions; _is_allowed(holder, statement, action) == truth.yes]
	count(actions) > 0
	name := identity.subject(holder, statement)
	message := $"{name} allows {concat(" and ", actions)} on {_keys(statement)} without a condition that restricts access."
}

unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _candidates
	identity.is_resolved(holder)
	verdict := truth.any_of({_is_allowed(holder, statement, action) | some action in _actions})
	truth.is_unknown(verdict)

	# `iam_full_access` covers the statements that may allow every action.
	identity.full_access(holder, statement) == truth.no
	message := result.cannot_tell($"{identity.statement(holder, statement)} allows kms:Decrypt or kms:ReEncryptFrom on every key", verdict)
}

_keys(statement) := "every key that NotResource does not name" if {
	identity.exempts_keys(statement)
} else := "every key"

_actions := ["Decrypt", "ReEncryptFrom"]

_is_allowed(holder, statement, action) := identity.gives_on_every_key(holder, statement, action)

_candidates := [[holder, statement] |
	some [holder, statement] in identity.statements
	not _with_full_access[holder.id]
]

_with_full_access := {holder.id |
	some [holder, statement] in identity.statements
	identity.full_access(holder, statement) == truth.yes
}
