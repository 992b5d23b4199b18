# METADATA
# title: A replica without a policy of its own
# description: "A multi-Region key replicates, its policy does not: the replica gets the default policy, and who may use the primary may be shut out, or let in, there."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
# custom:
#   level: error
#   formats: [cloudformation, plan]
#   remediation: |
#     Give the replica a policy of its own, usually the primary's:
#     CloudFormation: KeyPolicy: {...}
#     Terraform: policy = aws_kms_key.primary.policy
#     The default policy can be stated on purpose as well.
package kms.rules.replica_policy_missing

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

fail contains result.at(key, key.location, "The replica has no policy of its own: the primary's is not replicated, and AWS attaches the default one.") if {
	some key in input.keys
	key.kind == "replica"
	key.policy.state == "absent"
}

# A policy that cannot be read is there all the same.
unknown := set()
