# METADATA
# title: Key policy defined more than once
# description: "A key has only one policy. Two definitions overwrite each other on every run, and their order decides which one applies."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   level: warning
#   category: manageability
#   formats: [plan, kubernetes]
#   remediation: |
#     Define the policy in one place: in the key, in one `aws_kms_key_policy` or in one KeyPolicy. First check
#     which of the two policies is in effect.
#   snippets:
#     terraform: |
#       resource "aws_kms_key_policy" "orders" {
#         key_id = aws_kms_key.orders.key_id
#         policy = data.aws_iam_policy_document.orders.json
#       }
#     kubernetes: |
#       apiVersion: kms.aws.upbound.io/v1beta1
#       kind: KeyPolicy
#       metadata:
#         name: orders
#       spec:
#         forProvider:
#           region: eu-west-1
#           keyIdRef:
#             name: orders
#           policy: |
#             {
#               "Version": "2012-10-17",
#               "Statement": [{
#                 "Sid": "Enable IAM policies",
#                 "Effect": "Allow",
#                 "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
#                 "Action": "kms:*",
#                 "Resource": "*"
#               }]
#             }
package kms.rules.policy_set_twice

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key has an inline policy and an `aws_kms_key_policy` or Crossplane KeyPolicy, or when it has two of
#   these resources.
# custom:
#   exceptions:
#   - An `aws_kms_key_policy` or KeyPolicy for a key without an inline policy.
#   when_not: Never. Only one of the two policies is in effect.
fail contains result.at(key, other.location, message) if {
	some key in input.keys
	some other in key.policy.otherPolicies
	not other.conditional
	message := $"Both {_governing(key)} and {other.resource} set the key policy; AWS KMS keeps only the one applied last."
}

unknown contains result.at(key, other.location, message) if {
	some key in input.keys
	some other in key.policy.otherPolicies
	other.conditional
	question := $"both {_governing(key)} and {other.resource} set the key policy"
	message := result.cannot_tell(question, truth.unknown(causes.clause($"the policy in {other.resource} may be null or the current policy")))
}

_governing(key) := object.get(key.policy, "attachedBy", key.resource)
