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

import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a Deny takes PutKeyPolicy, GetKeyPolicy or CancelKeyDeletion from everyone or from the account root
#   principal, without conditions or under conditions that hold for every request of the account. The verdict is
#   unknown when the effect, the principal or the actions are unknown.
# custom:
#   exceptions:
#   - Deny statements with a condition that exempts some requests, such as those of a data perimeter.
#   - Deny statements with NotPrincipal that exempt a principal of the account.
#   when_not: Turn this rule off if you lock a key permanently on purpose.
fail contains result.at_statement(key, statement, location, message) if {
	some [key, statement, location, denied, verdicts] in _denials
	taken := {action | some action, verdict in verdicts; verdict == truth.yes}
	count(taken) > 0
	message := $"{result.subject(statement)} denies {denied} {result.short_list([$"kms:{action}" | some action in taken])} without a condition that exempts administrators."
}

unknown contains result.at_statement(key, statement, location, message) if {
	some [key, statement, location, denied, verdicts] in _denials
	policy.is_resolved(key)

	# A condition with unknown values exempts somebody, or else `key_unmanageable` reports it.
	every condition in statement.conditions {
		condition.operator == "Unknown"
	}
	verdict := truth.any_of({verdict | some verdict in verdicts})
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} denies {denied} kms:PutKeyPolicy, kms:GetKeyPolicy or kms:CancelKeyDeletion", verdict)
}

_administration := {"PutKeyPolicy", "GetKeyPolicy", "CancelKeyDeletion"}

# The principals that a Deny names, and those that it covers by NotPrincipal; with a verdict for each action.
_denials := array.concat(
	[[key, statement, principal.location, _name(principal), verdicts] |
		some [key, statement, index, principal] in policy.principals
		not statement.notPrincipal
		denies := policy.has_effect(statement, "Deny")
		denies != truth.no
		verdicts := {action: truth.every_of({denies, access.truth_of(statement, index, "always", action)}) |
			some action in _administration
		}
	],
	[[key, statement, statement.location, $"everyone except {exempt}", verdicts] |
		some key in policy.readable
		some statement in key.policy.statements
		statement.notPrincipal
		denies := policy.has_effect(statement, "Deny")
		denies != truth.no
		exempt := result.short_list({principal.text | some principal in statement.principals})
		verdicts := {action: truth.every_of({denies, access.anyone(statement, "always", action)}) |
			some action in _administration
		}
	],
)

_name(principal) := "everyone" if principal.kind == "everyone"

else := "the account root principal" if principal.kind == "root"

else := principal.text
