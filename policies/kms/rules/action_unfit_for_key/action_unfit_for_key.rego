# METADATA
# title: Action not supported by the key's usage
# description: "AWS KMS rejects an operation that the key's usage does not support, even if the policy allows it. The statement was probably written for another kind of key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-compare.html
# custom:
#   level: note
#   category: policy
#   formats: [cloudformation, plan, kubernetes]
#   remediation: List only actions that the key supports, or create the key with the intended usage.
#   snippets:
#     cloudformation: |
#       Action:
#         - kms:GenerateMac
#         - kms:VerifyMac
#     terraform: |
#       Action = ["kms:GenerateMac", "kms:VerifyMac"]
#     kubernetes: |
#       "Action": ["kms:GenerateMac", "kms:VerifyMac"]
package kms.rules.action_unfit_for_key

import data.kms.facts
import data.kms.lib.actions
import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a statement names an action that uses a key, such as GenerateDataKey or Sign, and a key with this
#   spec and usage cannot perform it.
# custom:
#   exceptions:
#   - Wildcards that also match an action that the key supports, and `kms:*`.
#   - Keys whose spec or usage is unknown, and replica keys.
#   when_not: Turn this rule off if several kinds of key share one policy.
fail contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	matched := actions.matched(action.text)
	count(matched) > 0
	count(matched - _uses) == 0
	count(matched & _possible(key)) == 0
	message := $"{result.subject(statement)} allows {action.text}, which a key with key spec {key.properties.spec} and key usage {key.properties.usage} does not support."
}

unknown := set()

# All actions that use a key of any kind.
_uses := {name | some name in facts.operations[_]} - facts.operations.any

_possible(key) := facts.operations.SYMMETRIC if {
	key.properties.spec == "SYMMETRIC_DEFAULT"
} else := facts.operations[key.properties.usage]

_actions := [[key, statement, action] |
	some key in policy.readable
	facts.operations[key.properties.usage]
	facts.spec_usages[key.properties.spec]
	some statement in key.policy.statements
	statement.effect == "Allow"
	not statement.notAction
	some action in statement.actions
	not action.unknown
	not action.text in ["*", "kms:*"]
]
