# METADATA
# title: Malformed key policy
# description: "AWS KMS rejects a malformed key policy during the deployment. If AWS KMS accepts it, the malformed statement has no effect."
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
#     Write every statement with Effect, Principal, Action and Resource. Sid and Condition are optional, and no
#     other elements are allowed.
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
#   Fails when a key policy is not valid JSON, has no Statement, has a Version other than 2012-10-17 and 2008-10-17,
#   or contains a statement without Effect, Principal, Action or Resource. Also fails for a statement with both
#   Principal and NotPrincipal, an empty element, an unknown element or a value of the wrong type, and when the policy
#   has more than 131,072 bytes, four times the AWS KMS limit. No other rule evaluates what this rule reports.
# custom:
#   exceptions:
#   - A single statement object instead of a list.
#   - A policy given as a JSON string.
#   when_not: Never. AWS KMS rejects the policy.
fail contains result.at(key, problem.location, message) if {
	some key in input.keys
	some problem in key.policy.problems
	message := $"The key policy is malformed: {problem.message}."
}

# Unknown policies count as well formed: `policy_unresolved` covers them.
unknown := set()
