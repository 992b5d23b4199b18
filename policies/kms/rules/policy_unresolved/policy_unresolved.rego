# METADATA
# title: Key policy cannot be resolved
# description: "Keywarden cannot evaluate a key policy that is not in the input. The key may be open to everyone or locked, and no rule about its policy can tell."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Check the plan after the resources that the policy refers to exist, pass the missing parameter value, or
#     define the policy in a place that Keywarden can read.
#   snippets:
#     policy: |
#       {
#         "Version": "2012-10-17",
#         "Statement": [{
#           "Sid": "Enable IAM policies",
#           "Effect": "Allow",
#           "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
#           "Action": "kms:*",
#           "Resource": "*"
#         }]
#       }
#     cloudformation: |
#       KeyPolicy:
#         Version: "2012-10-17"
#         Statement:
#           - Sid: Enable IAM policies
#             Effect: Allow
#             Principal:
#               AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
#             Action: kms:*
#             Resource: "*"
#     terraform: |
#       policy = jsonencode({
#         Version = "2012-10-17"
#         Statement = [{
#           Sid       = "Enable IAM policies"
#           Effect    = "Allow"
#           Principal = { AWS = "arn:aws:iam::111122223333:root" }
#           Action    = "kms:*"
#           Resource  = "*"
#         }]
#       })
package kms.rules.policy_unresolved

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

fail := set()

# METADATA
# scope: document
# description: |
#   Never fails. The verdict is unknown when the whole policy of a key cannot be read from the input. The message
#   names the missing reference, module or data source. This single finding replaces the findings of every rule
#   about the policy.
# custom:
#   exceptions:
#   - A policy that is partly readable, because the other rules evaluate that part.
#   - A key without a policy, because AWS KMS attaches the default key policy.
#   when_not: Turn this rule off if you check the policies elsewhere, as separate files.
unknown contains result.at_policy(key, message) if {
	some key in input.keys
	key.policy.state in {"unresolved", "partial"}
	message := $"Cannot evaluate the key policy{_parts(key)}: {concat("; ", causes.clauses({value.cause(key.policy)}))}."
}

_parts(key) := " in full" if key.policy.state == "partial"

else := ""
