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
	some [key, statement, principal] in _denied
	taken := _taken & {action | some action in statement.covers}
	count(taken) > 0
	_verdict(statement, principal) == truth.yes
	message := $"{result.name(statement)} takes {result.some_of([$"kms:{action}" | some action in taken])} from {_who(principal)}, and nothing exempts anybody."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _denied
	policy.certain(key)
	_undecided(statement, principal)
	message := $"{result.name(statement)} may take the administration of the key from {_who(principal)}: its effect, principal, actions or conditions are not fully known."
}

_taken := {"PutKeyPolicy", "GetKeyPolicy", "CancelKeyDeletion"}

_undecided(statement, principal) if {
	count(_taken & {action | some action in array.concat(statement.covers, statement.mayCover)}) > 0
	_verdict(statement, principal) == truth.unknown
}

_undecided(statement, principal) if {
	count(_taken & {action | some action in statement.covers}) == 0
	count(_taken & {action | some action in statement.mayCover}) > 0
	_verdict(statement, principal) == truth.yes
}

_verdict(statement, principal) := truth.every_of({
	policy.has_effect(statement, "Deny"),
	_whole(principal),
	_always(statement),
})

# Conditions of which nothing is known may exempt somebody.
_always(statement) := truth.yes if {
	count(statement.conditions) == 0
} else := truth.unknown

_whole(principal) := truth.yes if {
	principal.kind == "everyone"
} else := truth.unknown if {
	principal.kind == "unknown"
} else := policy.is_owners(principal) if {
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
