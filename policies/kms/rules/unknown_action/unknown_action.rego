# METADATA
# title: Unknown KMS action
# description: "An action pattern that matches no KMS action neither allows nor denies anything. The intended effect is missing."
# related_resources:
# - https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   level: error
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Invalid action, Invalid service in action]
#   remediation: |
#     Use the exact name of the KMS action with the prefix `kms:`. The message suggests the closest name. If AWS
#     added the action recently, update Keywarden.
#   snippets:
#     policy: |
#       "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]
#     cloudformation: |
#       Action: [kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey*]
#     terraform: |
#       Action = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]
package kms.rules.unknown_action

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: Fails when an action in a key policy matches no KMS action or belongs to another service.
# custom:
#   exceptions:
#   - Wildcards that match at least one action.
#   - Differences in case.
#   when_not: |
#     Turn this rule off if the policy uses actions that are newer than Keywarden's data. The summary of every
#     report shows the date of the data.
fail contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	not action.known
	message := $"{result.subject(statement)} names {action.text}, which does not match any AWS KMS action as of {input.dataVersion}; {_suggestion(action)}."
}

unknown contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	policy.is_resolved(key)
	action.unknown
	verdict := truth.unknown(value.causes_in([action.text], "an action"))
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} names only AWS KMS actions", verdict)
}

_suggestion(action) := $"the nearest action is {action.nearest}" if action.nearest

else := "a key policy applies only to kms: actions"

_actions := [[key, statement, action] |
	some key in policy.readable
	some statement in key.policy.statements
	some action in statement.actions
]
