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
import data.kms.lib.truth
import data.kms.lib.value

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
	message := $"{result.subject(statement)} names {action.text}, which does not match any AWS KMS action as of {input.dataVersion}; {_instead(action)}."
}

unknown contains result.at_statement(key, statement, action.location, message) if {
	some [key, statement, action] in _actions
	policy.is_resolved(key)
	action.unknown
	verdict := truth.unknown(value.causes_in([action.text], "an action"))
	message := result.cannot_tell($"{result.statement(statement)} names only AWS KMS actions", verdict)
}

_instead(action) := $"the nearest action is {action.nearest}" if action.nearest

else := "a key policy applies only to kms: actions"

_actions := [[key, statement, action] |
	some key in policy.readable
	some statement in key.policy.statements
	some action in statement.actions
]
