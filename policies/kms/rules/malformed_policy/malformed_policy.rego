# METADATA
# title: The policy text is malformed
# description: "KMS refuses a malformed policy when it is deployed, or takes a statement that has no effect."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   level: error
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Missing statement, Missing effect, Missing principal, Missing action, Missing resource, Invalid policy element]
#   remediation: |
#     Write every statement with Effect, Principal, Action and Resource; Sid and Condition may be added, and
#     nothing else.
#   snippets:
#     policy: |
#       {
#         "Sid": "AllowApp",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"},
#         "Action": ["kms:Decrypt"],
#         "Resource": "*"
#       }
#     cloudformation: |
#       - Sid: AllowApp
#         Effect: Allow
#         Principal:
#           AWS: !GetAtt AppRole.Arn
#         Action: [kms:Decrypt]
#         Resource: "*"
#     terraform: |
#       {
#         Sid       = "AllowApp"
#         Effect    = "Allow"
#         Principal = { AWS = aws_iam_role.app.arn }
#         Action    = ["kms:Decrypt"]
#         Resource  = "*"
#       }
package kms.rules.malformed_policy

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key policy that is no JSON, or has no Statement, or holds a statement without Effect, Principal, Action or
#   Resource, with both Principal and NotPrincipal, with an empty element, an element that policies do not have,
#   or a value of the wrong type. No other rule judges what this one reports.
# custom:
#   exceptions:
#   - A single statement in place of the list.
#   - A policy given as a JSON string.
#   when_not: 'Never: KMS would refuse the policy.'
fail contains result.at(key, problem.location, message) if {
	some key in input.keys
	some problem in key.policy.problems
	message := $"The key policy is malformed: {problem.message}."
}

# Unknown policies count as well formed: `policy_unresolved` covers them.
unknown := set()
