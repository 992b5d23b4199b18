# METADATA
# title: Outdated policy language version
# description: "In a policy without Version 2012-10-17, IAM treats policy variables as literal strings. A condition with a variable then does not compare what it appears to."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Missing version]
#   remediation: |
#     Set Version to "2012-10-17". If a condition contains `${…}`, check its effect first, because IAM then
#     resolves it as a variable.
#   snippets:
#     policy: |
#       "Version": "2012-10-17"
#     cloudformation: |
#       Version: "2012-10-17"
#     terraform: |
#       Version = "2012-10-17"
package kms.rules.policy_version

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the Version of a key policy is 2008-10-17 or is missing, because AWS then uses 2008-10-17. The
#   verdict is unknown when the version is unknown.
# custom:
#   exceptions:
#   - A key without a policy.
#   when_not: Rarely needed. The finding is a note and never changes the exit code.
fail contains result.at_policy(key, message) if {
	some key in policy.readable
	_is_outdated(key) == truth.yes
	message := $"{_version(key)}; the required version is 2012-10-17."
}

unknown contains result.at_policy(key, message) if {
	some key in policy.readable
	policy.is_resolved(key)
	message := result.cannot_tell("the key policy has a Version other than 2012-10-17", _is_outdated(key))
}

# The version of a policy that is read during apply is not in the plan, and has no truth.
_is_outdated(key) := truth.unknown(value.causes_in([key.policy.version], "the Version of the policy")) if {
	is_string(key.policy.version)
	contains(key.policy.version, "⟨")
} else := truth.negate(value.is(key.policy.version, "2012-10-17"))

_version(key) := "The key policy has no Version, so AWS uses 2008-10-17" if {
	key.policy.version == null
} else := $"The key policy version is {key.policy.version}"
