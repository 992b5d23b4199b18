# METADATA
# title: Key is open to everyone
# description: "Any principal in any AWS account can use a key whose policy allows everyone. An attacker can then decrypt any data that the key protects."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS Security Hub: [KMS.5]
#     PCI DSS v4.0.1: ["3.6.1"]
#   remediation: |
#     Name the principals, or add a condition that restricts the statement to accounts, an organization or ARNs.
#   snippets:
#     policy: |
#       {
#         "Sid": "UseInThisAccount",
#         "Effect": "Allow",
#         "Principal": {"AWS": "*"},
#         "Action": ["kms:Decrypt", "kms:DescribeKey"],
#         "Resource": "*",
#         "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}
#       }
#     cloudformation: |
#       - Sid: UseInThisAccount
#         Effect: Allow
#         Principal:
#           AWS: "*"
#         Action: [kms:Decrypt, kms:DescribeKey]
#         Resource: "*"
#         Condition:
#           StringEquals:
#             kms:CallerAccount: !Ref AWS::AccountId
#     terraform: |
#       {
#         Sid       = "UseInThisAccount"
#         Effect    = "Allow"
#         Principal = { AWS = "*" }
#         Action    = ["kms:Decrypt", "kms:DescribeKey"]
#         Resource  = "*"
#         Condition = { StringEquals = { "kms:CallerAccount" = "111122223333" } }
#       }
package kms.rules.public_access

import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow of any KMS action reaches everyone ("*", {"AWS": "*"}, or a list that contains it), and neither
#   its conditions nor the Deny statements of the policy restrict it to fixed accounts, organizations, ARNs, VPC
#   endpoints or source addresses.
# custom:
#   exceptions:
#   - Deny statements.
#   - An Allow with a condition that restricts access, as in the default policies of CloudTrail and of the AWS KMS console.
#   - Actions for which the conditions never hold, because their requests lack a condition key.
#   when_not: Never. A key that everyone can use protects nothing.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, index, principal] in policy.principals
	principal.kind == "everyone"
	actions := access.actions_with(statement, index, "public")
	count(actions) > 0
	message := $"{result.subject(statement)} allows everyone ({principal.text}) {result.action_list(statement, actions)}{scope.unrestricted(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, index, principal] in policy.principals
	policy.is_resolved(key)
	principal.kind in {"everyone", "unknown"}
	verdict := access.any(statement, index, "public")
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} allows everyone to use the key", verdict)
}
