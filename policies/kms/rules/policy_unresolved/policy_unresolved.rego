# METADATA
# title: A policy that the input does not hold
# description: "What the input does not hold cannot be judged: the key may be open, or locked, and no rule about its policy could tell."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Give what is missing: check the plan after the resources that it refers to exist, pass the value of the
#     parameter, or write the policy where it can be read.
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
#   Nothing fails. The verdict is unknown for a key whose policy as a whole cannot be read from the input; the
#   message says which reference, module or data source is out of sight. This one finding stands for every rule
#   about the policy.
# custom:
#   exceptions:
#   - 'A policy of which a part can be read: the rules judge that part.'
#   - 'A key without a policy: AWS attaches the default one.'
#   when_not: Policies are checked at another place, as files of their own.
unknown contains result.at_policy(key, message) if {
	some key in input.keys
	key.policy.state in {"unresolved", "partial"}
	message := $"Cannot evaluate the key policy{_parts(key)}: {concat("; ", causes.clauses({value.cause(key.policy)}))}."
}

_parts(key) := " in full" if key.policy.state == "partial"

else := ""
