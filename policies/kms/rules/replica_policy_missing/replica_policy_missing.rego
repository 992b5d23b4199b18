# METADATA
# title: Replica key has no key policy
# description: "AWS KMS does not replicate the key policy of a multi-Region key. A replica key without a policy gets the default key policy, so it may admit or exclude other principals than the primary key does."
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
#     Give the replica key a policy, usually that of its primary key. You can also state the default key policy
#     explicitly.
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

import data.kms.lib.replicas
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: Fails when a replica key has neither an inline policy nor an attached policy.
# custom:
#   exceptions:
#   - Policies that exist but cannot be read.
#   - The default key policy, if it is written out.
#   - A primary key in the same input that has no key policy either. AWS KMS attaches the default key policy to both.
#   when_not: Turn this rule off if the policies of replica keys are attached outside the checked input.
fail contains result.at(key, key.location, "The replica has no key policy of its own: AWS KMS does not replicate the primary's policy and attaches the default one.") if {
	some key in input.keys
	key.kind == "replica"
	key.policy.state == "absent"
	not _has_policy_of_primary(key)
}

# Both keys have the default key policy, so the replica lacks nothing.
_has_policy_of_primary(key) if {
	some [replica, primaries] in replicas.pairs
	replica.id == key.id
	every primary in primaries {
		primary.policy.state == "absent"
	}
}

# A policy that cannot be read exists nevertheless.
unknown := set()
