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
	_is_outdated(key) == truth.yes
	message := $"{_version(key)}, and not 2012-10-17."
}

unknown contains result.at_policy(key, message) if {
	some key in policy.readable
	policy.is_resolved(key)
	message := result.cannot_tell("the policy has a Version other than 2012-10-17", _is_outdated(key))
}

# The version of a policy that is read during apply is not in the plan.
_is_outdated(key) := truth.no if {
	not _is_shown(key)
} else := truth.unknown(value.causes_in([key.policy.version], "the Version of the policy")) if {
	is_string(key.policy.version)
	contains(key.policy.version, "⟨")
} else := truth.negate(value.is(key.policy.version, "2012-10-17"))

_version(key) := "The policy states no Version, so that AWS takes 2008-10-17" if {
	key.policy.version == null
} else := $"The policy has the Version {key.policy.version}"

_is_shown(key) if "version" in object.keys(key.policy)
