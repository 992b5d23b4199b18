# METADATA
# title: Policy lockout safety check is bypassed
# description: "Without this check, AWS KMS accepts a key policy that locks every principal out of the key, including the one that deploys it."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Remove the setting, or set it to false.
#   snippets:
#     cloudformation: |
#       BypassPolicyLockoutSafetyCheck: false
#     terraform: |
#       bypass_policy_lockout_safety_check = false
#     kubernetes: |
#       spec:
#         bypassPolicyLockoutSafetyCheck: false
package kms.rules.lockout_check_bypassed

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key, replica key or attached key policy tells AWS KMS to skip the check that the caller can still
#   change the key policy.
# custom:
#   exceptions:
#   - A missing setting, or the value false.
#   when_not: |
#     Turn this rule off if the deploying principal must not administer the key afterwards and another principal
#     in the policy does.
fail contains result.at_field(key, "bypassLockoutSafetyCheck", "The policy lockout safety check is bypassed, so AWS KMS does not verify that the caller can still change the key policy.") if {
	some key in input.keys
	value.is(key.properties.bypassLockoutSafetyCheck, true) == truth.yes
}

unknown contains result.at_field(key, "bypassLockoutSafetyCheck", message) if {
	some key in input.keys
	bypassed := value.is(key.properties.bypassLockoutSafetyCheck, true)
	message := result.cannot_tell("the policy lockout safety check is bypassed", bypassed)
}
