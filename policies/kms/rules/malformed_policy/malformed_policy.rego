# METADATA
# title: The policy text is malformed
# description: "KMS refuses a malformed policy when it is deployed, or takes a statement that has no effect."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   level: error
#   formats: [policy, cloudformation, plan]
#   remediation: |
#     A statement has Effect, Principal, Action and Resource, and may have Sid and Condition:
#     {"Sid": "AllowApp", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Decrypt"], "Resource": "*"}
package kms.rules.malformed_policy

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

fail contains result.at(key, problem.location, message) if {
	some key in input.keys
	some problem in key.policy.problems
	message := $"The key policy is malformed: {problem.message}."
}

# What is not known is well formed: `policy_unresolved` speaks of it.
unknown := set()
