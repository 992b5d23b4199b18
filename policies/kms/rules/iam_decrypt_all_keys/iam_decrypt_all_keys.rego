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
#   `*`, or a pattern such as `arn:aws:kms:*:111122223333:key/*`.
# custom:
#   exceptions:
#   - Statements restricted by a condition on `kms:ViaService`, `kms:ResourceAliases`, `kms:RequestAlias`, `aws:ResourceTag`, an encryption context or `aws:ResourceAccount`.
#   - Actions that a Deny in the same policy takes away.
#   - Policies that allow every action, which `iam_full_access` reports.
#   when_not: |
#     Turn this rule off if your key policies do not delegate access to IAM, because IAM policies then grant
#     nothing.
fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _judged
	actions := [$"kms:{action}" | some action in _actions; _given(holder, statement, action) == truth.yes]
	count(actions) > 0
	name := identity.name(holder, statement)
	message := $"{name} allows {concat(" and ", actions)} on every key, and no condition confines it."
}

unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _judged
	identity.certain(holder)
	max([_given(holder, statement, action) | some action in _actions]) == truth.unknown

	# Where even full access is possible, `iam_full_access` says so.
	identity.full_access(holder, statement) == truth.no
	name := identity.name(holder, statement)
	message := $"{name} may allow decryption with every key: {identity.why(statement)}."
}

_actions := ["Decrypt", "ReEncryptFrom"]

_given(holder, statement, action) := identity.gives_on_every_key(holder, statement, action)

_judged := [[holder, statement] |
	some [holder, statement] in identity.statements
	not _full[holder.id]
]

_full := {holder.id |
	some [holder, statement] in identity.statements
	identity.full_access(holder, statement) == truth.yes
}
