# METADATA
# title: The lockout check is turned off
# description: "With the check bypassed AWS accepts a policy that locks everybody out of the key, yourself included."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Leave the setting out, or set it to false.
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
#   A key, replica or attached key policy that tells KMS not to check whether the caller can still change the
#   policy afterwards.
# custom:
#   exceptions:
#   - The setting left out, or false.
#   when_not: The principal that deploys is not to administer the key afterwards, and another one in the policy is.
fail contains result.at_field(key, "bypassLockoutSafetyCheck", "The policy lockout safety check is bypassed, so AWS KMS does not verify that the caller can still change the key policy.") if {
	some key in input.keys
	value.is(key.properties.bypassLockoutSafetyCheck, true) == truth.yes
}

unknown contains result.at_field(key, "bypassLockoutSafetyCheck", message) if {
	some key in input.keys
	bypassed := value.is(key.properties.bypassLockoutSafetyCheck, true)
	message := result.cannot_tell("the policy lockout safety check is bypassed", bypassed)
}
