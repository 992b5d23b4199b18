# METADATA
# title: An action that only an IAM policy can give
# description: "Actions that concern no key, such as kms:CreateKey and kms:ListKeys, do nothing in a key policy; who needs them has to get them in IAM."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Leave the action out of the key policy, and give it in an IAM policy where it is needed.
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
#   A key policy names, in full, an action that concerns no key: CreateKey, ListKeys, ListAliases, GenerateRandom,
#   ListRetirableGrants, or one of the actions for custom key stores.
# custom:
#   exceptions:
#   - An action that is reached only by a wildcard.
#   when_not: Never needed; the finding is a note.
fail contains result.at_statement(key, statement, action.location, message) if {
	some key in policy.readable
	some statement in key.policy.statements
	not statement.notAction
	some action in statement.actions
	action.literal
	_names[lower(action.text)]
	message := $"{result.subject(statement)} names {action.text}, which only an IAM policy can give or deny."
}

unknown := set()

_names := {lower($"kms:{name}") | some name in facts.identity_only_actions}
