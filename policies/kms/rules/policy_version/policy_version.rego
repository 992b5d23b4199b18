# METADATA
# title: An old version of the policy language
# description: "Without Version 2012-10-17 policy variables are plain text, so that a condition with one says something else than it seems to."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Missing version]
#   remediation: State the current version.
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
#   A policy whose Version is not 2012-10-17, or that states none: AWS then takes 2008-10-17. It is unknown where the
#   version is not known.
# custom:
#   exceptions:
#   - A key without a policy.
#   when_not: Never needed; the finding is a note.
fail contains result.at_policy(key, message) if {
	some key in policy.readable
	_outdated(key) == truth.yes
	message := $"{_version(key)}; the required version is 2012-10-17."
}

unknown contains result.at_policy(key, message) if {
	some key in policy.readable
	policy.is_resolved(key)
	message := result.cannot_tell("the key policy has a Version other than 2012-10-17", _outdated(key))
}

# A policy that apply still has to read does not show its version.
_outdated(key) := truth.no if {
	not _shown(key)
} else := truth.unknown(value.causes_in([key.policy.version], "the Version of the policy")) if {
	is_string(key.policy.version)
	contains(key.policy.version, "⟨")
} else := truth.negate(value.is(key.policy.version, "2012-10-17"))

_version(key) := "The key policy has no Version, so AWS uses 2008-10-17" if {
	key.policy.version == null
} else := $"The key policy version is {key.policy.version}"

_shown(key) if "version" in object.keys(key.policy)
