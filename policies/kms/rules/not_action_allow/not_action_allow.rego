# METADATA
# title: An Allow with NotAction
# description: "Allow with NotAction gives every action but the ones it names, those that AWS adds later included."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Name the actions that are meant with Action, and keep NotAction for Deny.
#   snippets:
#     policy: |
#       "Action": ["kms:Decrypt", "kms:DescribeKey"]
#     cloudformation: |
#       Action:
#         - kms:Decrypt
#         - kms:DescribeKey
#     terraform: |
#       Action = ["kms:Decrypt", "kms:DescribeKey"]
package kms.rules.not_action_allow

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A statement with the effect Allow and NotAction. It is unknown where the effect, or whether the statement is about
#   this key, is not known.
# custom:
#   exceptions:
#   - Deny with NotAction.
#   - A statement whose Resource cannot match the key.
#   when_not: Keys on which everything but a few actions is allowed on purpose.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.has_effect(statement, "Allow") == truth.yes
	message := $"{result.subject(statement)} combines Allow with NotAction, so it allows every AWS KMS action except {result.short_list({action.text | some action in statement.actions})}."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	allows := policy.has_effect(statement, "Allow")
	message := result.cannot_tell($"{result.statement(statement)}, which uses NotAction, allows actions on this key", allows)
}

_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
	statement.notAction
]
