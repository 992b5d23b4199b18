# METADATA
# title: Deny blocks key administration
# description: "An explicit Deny overrides every Allow, even for the account root principal. While it applies, no administrator can change the key policy, read it, or cancel the key's deletion, depending on the denied action."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-scheduling-key-deletion.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Add a condition that exempts the administrators from the Deny, or deny other actions.
#   snippets:
#     policy: |
#       "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin"}}
#     cloudformation: |
#       Condition:
#         ArnNotLike:
#           aws:PrincipalArn: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/admin
#     terraform: |
#       Condition = { ArnNotLike = { "aws:PrincipalArn" = aws_iam_role.admin.arn } }
package kms.rules.administration_denied

import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a Deny without conditions takes PutKeyPolicy, GetKeyPolicy or CancelKeyDeletion from everyone or from
#   the account root principal. The verdict is unknown when the effect, the principal or the actions are unknown.
# custom:
#   exceptions:
#   - Deny statements with a condition, such as those of a data perimeter.
#   - Deny statements with NotPrincipal, because they exempt a principal.
#   when_not: Turn this rule off if you lock a key permanently on purpose.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _candidates
	taken := _administration & {action | some action in statement.covers}
	count(taken) > 0
	_denies(statement, principal) == truth.yes
	message := $"{result.subject(statement)} denies {_principal_name(principal)} {result.short_list([$"kms:{action}" | some action in taken])} without a condition that exempts administrators."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _candidates
	policy.is_resolved(key)
	verdict := _denies_administration(statement, principal)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} denies {_principal_name(principal)} kms:PutKeyPolicy, kms:GetKeyPolicy or kms:CancelKeyDeletion", verdict)
}

_administration := {"PutKeyPolicy", "GetKeyPolicy", "CancelKeyDeletion"}

_denies_administration(statement, principal) := truth.every_of({
	_denies(statement, principal),
	truth.any_of({policy.covers(statement, action) | some action in _administration}),
})

_denies(statement, principal) := truth.every_of({
	policy.has_effect(statement, "Deny"),
	_covers_account(principal),
	_is_unconditional(statement),
})

# Unknown conditions may exempt a principal.
_is_unconditional(statement) := truth.yes if {
	count(statement.conditions) == 0
} else := truth.unknown(union({causes.condition(condition) | some condition in statement.conditions}))

_covers_account(principal) := truth.yes if {
	principal.kind == "everyone"
} else := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := policy.is_in_owner_account(principal) if {
	principal.kind == "root"
} else := truth.no

_principal_name(principal) := "everyone" if principal.kind == "everyone"

else := "the account root principal" if principal.kind == "root"

else := principal.text

_candidates := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	statement.effect != "Allow"
	every condition in statement.conditions {
		condition.operator == "Unknown"
	}
	some principal in policy.principals(statement)
]
