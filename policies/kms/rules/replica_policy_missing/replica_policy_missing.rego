# METADATA
# title: A replica without a policy of its own
# description: "A multi-Region key replicates, its policy does not: the replica gets the default policy, and who may use the primary may be shut out, or let in, there."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: multi-region
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Give the replica a policy of its own, usually the one of the primary. The default policy can be stated on
#     purpose as well.
#   snippets:
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
#       policy = aws_kms_key.primary.policy
#     kubernetes: |
#       spec:
#         policy: |
#           {
#             "Version": "2012-10-17",
#             "Statement": [{
#               "Sid": "Enable IAM policies",
#               "Effect": "Allow",
#               "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
#               "Action": "kms:*",
#               "Resource": "*"
#             }]
#           }
package kms.rules.replica_policy_missing

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A replica key that has neither a policy of its own nor one that is attached to it.
# custom:
#   exceptions:
#   - 'A policy that cannot be read: it is there.'
#   - The default policy, written out.
#   when_not: The policies of replicas are attached outside of what is checked.
fail contains result.at(key, key.location, "The replica has no key policy of its own: AWS KMS does not replicate the primary's policy and attaches the default one.") if {
	some key in input.keys
	key.kind == "replica"
	key.policy.state == "absent"
}

# A policy that cannot be read is there all the same.
unknown := set()
