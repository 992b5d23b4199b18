# METADATA
# title: Action that works only in IAM policies
# description: "Actions without a key as their resource, such as `kms:CreateKey` and `kms:ListKeys`, have no effect in a key policy. A principal can get them only from an IAM policy."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Remove the action from the key policy, and allow it in an IAM policy if a principal needs it.
#   snippets:
#     policy: |
#       "Action": ["kms:Decrypt", "kms:DescribeKey"]
#     cloudformation: |
#       Action:
#         - kms:Decrypt
#         - kms:DescribeKey
#     terraform: |
#       Action = ["kms:Decrypt", "kms:DescribeKey"]
package kms.rules.identity_only_action

import data.kms.facts
import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key policy names, in full, an action that does not apply to a key: CreateKey, ListKeys,
#   ListAliases, GenerateRandom, ListRetirableGrants, or one of the actions for custom key stores.
# custom:
#   exceptions:
#   - Actions that only a wildcard matches.
#   when_not: Rarely needed. The finding is a note and never changes the exit code.
fail contains result.at_statement(key, statement, action.location, message) if {
	some key in policy.readable
	some statement in key.policy.statements
	not statement.notAction
	some action in statement.actions
	action.literal
	_names[lower(action.text)]
	message := $"{result.subject(statement)} names {action.text}, which has no effect in a key policy; only an IAM policy can allow or deny it."
}

unknown := set()

_names := {lower($"kms:{name}") | some name in facts.identity_only_actions}
