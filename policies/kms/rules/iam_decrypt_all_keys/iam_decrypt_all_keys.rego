# METADATA
# title: Decryption with every key in an identity policy
# description: "Whoever has the policy can decrypt what any key of the account protects, also with keys that are made later."
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
#     Name the ARNs of the keys, or confine the statement with kms:ViaService, kms:ResourceAliases or aws:ResourceTag.
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
#   An identity policy with a statement that allows Decrypt or ReEncryptFrom, wildcards resolved, on every key: `*`, or
#   a pattern such as `arn:aws:kms:*:111122223333:key/*`.
# custom:
#   exceptions:
#   - 'Statements that a condition confines: kms:ViaService, kms:ResourceAliases, kms:RequestAlias, aws:ResourceTag, an encryption context, aws:ResourceAccount.'
#   - What a Deny of the same policy takes back.
#   - 'Policies that allow everything: iam_full_access says so.'
#   when_not: Key policies do not leave access to IAM, so that identity policies give nothing.
fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _candidates
	actions := [$"kms:{action}" | some action in _actions; _is_allowed(holder, statement, action) == truth.yes]
	count(actions) > 0
	name := identity.subject(holder, statement)
	message := $"{name} allows {concat(" and ", actions)} on every key, and no condition confines it."
}

unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _candidates
	identity.is_resolved(holder)
	verdict := truth.any_of({_is_allowed(holder, statement, action) | some action in _actions})
	truth.is_unknown(verdict)

	# `iam_full_access` covers the statements that may allow every action.
	identity.full_access(holder, statement) == truth.no
	message := result.cannot_tell($"{identity.statement(holder, statement)} allows decryption with every key", verdict)
}

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
