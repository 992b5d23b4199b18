# METADATA
# title: A Deny that takes administration from everyone
# description: "Nobody can take such a Deny back: while it stands, not even the account root can change the policy or stop the key's deletion."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-scheduling-key-deletion.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Exempt the administrators from the Deny by a condition, or deny other actions.
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
#   A Deny without conditions that takes PutKeyPolicy, GetKeyPolicy or CancelKeyDeletion from everyone or from the
#   account root. It is unknown where the effect, the principal or the actions are not known.
# custom:
#   exceptions:
#   - Denies with a condition, such as those of a data perimeter.
#   - Denies with NotPrincipal, which spare somebody.
#   when_not: A key is meant to be locked for ever.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _denied
	taken := _taken & {action | some action in statement.covers}
	count(taken) > 0
	_verdict(statement, principal) == truth.yes
	message := $"{result.subject(statement)} takes {result.short_list([$"kms:{action}" | some action in taken])} from {_who(principal)}, and nothing exempts anybody."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _denied
	policy.is_resolved(key)
	verdict := _denies_administration(statement, principal)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} takes the administration of the key from {_who(principal)}", verdict)
}

_taken := {"PutKeyPolicy", "GetKeyPolicy", "CancelKeyDeletion"}

_denies_administration(statement, principal) := truth.every_of({
	_verdict(statement, principal),
	truth.any_of({policy.covers(statement, action) | some action in _taken}),
})

_verdict(statement, principal) := truth.every_of({
	policy.has_effect(statement, "Deny"),
	_whole(principal),
	_always(statement),
})

# Unknown conditions may exempt a principal.
_always(statement) := truth.yes if {
	count(statement.conditions) == 0
} else := truth.unknown(union({causes.condition(condition) | some condition in statement.conditions}))

_whole(principal) := truth.yes if {
	principal.kind == "everyone"
} else := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := policy.is_in_owner_account(principal) if {
	principal.kind == "root"
} else := truth.no

_who(principal) := "everyone" if principal.kind == "everyone"

else := "the account root" if principal.kind == "root"

else := principal.text

_denied := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	statement.effect != "Allow"
	every condition in statement.conditions {
		condition.operator == "Unknown"
	}
	some principal in policy.principals(statement)
]
