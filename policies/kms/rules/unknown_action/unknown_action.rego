# METADATA
# title: An action that KMS does not have
# description: "A pattern that matches no KMS action allows and denies nothing, so that what was meant is missing."
# related_resources:
# - https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
# custom:
#   level: error
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Invalid action, Invalid service in action]
#   remediation: |
#     Write the action as KMS spells it, with the prefix kms: (the message names the nearest one), or update
#     Keywarden when AWS has added the action since.
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

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   An action in a key policy that matches no action of KMS, or that is one of another service.
# custom:
#   exceptions:
#   - Wildcards that match at least one action.
#   - Upper and lower case.
#   when_not: The policy uses actions that are newer than the data of this version; the summary of every report names its date.
fail contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	not action.known
	message := $"{result.name(statement)} has {action.text}, which matches no KMS action (data of {input.dataVersion}); {_instead(action)}."
}

unknown contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	policy.certain(key)
	action.unknown
	message := $"{result.name(statement)} takes its actions from {action.text}, which is not known."
}

_instead(action) := $"the nearest is {action.nearest}" if action.nearest

else := "a key policy is about kms: actions only"

_actions := [[key, statement, action] |
	some key in policy.readable
	some statement in key.policy.statements
	some action in statement.actions
]
