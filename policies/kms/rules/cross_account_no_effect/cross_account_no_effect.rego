# METADATA
# title: Action has no effect across accounts
# description: "AWS KMS denies some actions to principals in other accounts, even if the key policy allows them. The statement appears to grant access that it does not grant."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   level: note
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Remove the action from the statement for the other account, and let a role in the key's own account perform
#     it.
#   snippets:
#     policy: |
#       "Action": ["kms:Decrypt", "kms:DescribeKey"]
#     cloudformation: |
#       Action:
#         - kms:Decrypt
#         - kms:DescribeKey
#     terraform: |
#       Action = ["kms:Decrypt", "kms:DescribeKey"]
package kms.rules.cross_account_no_effect

import data.kms.facts
import data.kms.lib.access
import data.kms.lib.actions
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow gives a principal in another account an action, by its full name, that AWS KMS denies across
#   accounts. The verdict is unknown when the principal's account or the statement's effect is unknown.
# custom:
#   exceptions:
#   - Actions that only a wildcard matches.
#   - Actions that work only in IAM policies, which `identity_only_action` reports.
#   when_not: Rarely necessary, because the finding is a note.
fail contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _candidates
	reached := {result.principal(principal) |
		some index, principal in statement.principals
		access.truth_of(statement, index, "external", _action_name(action)) == truth.yes
	}
	count(reached) > 0
	message := $"{result.subject(statement)} allows {result.short_list(reached)} {action.text}, which AWS KMS does not support across accounts."
}

unknown contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _candidates
	policy.is_resolved(key)
	verdict := truth.any_of({access.truth_of(statement, index, "external", _action_name(action)) |
		some index, _ in statement.principals
	})
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows another account {action.text}, which AWS KMS does not support across accounts"
	message := result.cannot_tell(question, verdict)
}

_candidates := [[key, statement, action] |
	some key in policy.readable
	some statement in key.policy.statements
	not statement.notAction
	some action in statement.actions
	action.literal
	name := _action_name(action)
	not facts.cross_account_actions[name]
]

_action_name(action) := actions.named[trim_prefix(lower(action.text), "kms:")]
