# METADATA
# title: Allow with NotAction
# description: "An Allow with NotAction grants every action except the ones that it lists, including actions that AWS adds later."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     List the intended actions with Action, and use NotAction only in a Deny. First check which of the granted
#     actions the principal uses.
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
#   Fails when a statement with the effect Allow has NotAction. The verdict is unknown when the effect is unknown,
#   or when it is unknown whether the statement applies to this key.
# custom:
#   exceptions:
#   - Deny statements with NotAction.
#   - Statements whose Resource cannot match the key.
#   when_not: Turn this rule off if you allow everything except a few actions on purpose.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.has_effect(statement, "Allow") == truth.yes
	message := $"{result.subject(statement)} combines Allow with NotAction, so it allows every AWS KMS action except {result.short_list({action.text | some action in statement.actions})}."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	allows := policy.has_effect(statement, "Allow")
	truth.is_unknown(allows)
	message := result.cannot_tell($"{result.statement(statement)}, which uses NotAction, allows actions on this key", allows)
}

_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
	statement.notAction
]
