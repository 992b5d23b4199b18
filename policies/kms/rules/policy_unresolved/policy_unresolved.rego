# METADATA
# title: A policy that the input does not hold
# description: "What the input does not hold cannot be judged: the key may be open, or locked, and no rule about its policy could tell."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
# custom:
#   level: note
#   formats: [policy, cloudformation, plan]
#   remediation: |
#     Give what is missing: check the plan after the resources that it refers to exist, pass the parameter's value, or write the policy where it can be read.
package kms.rules.policy_unresolved

import data.kms.lib.result
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

fail := set()

unknown contains result.at_policy(key, message) if {
	some key in input.keys
	key.policy.state in {"unresolved", "partial"}
	message := $"The key policy cannot be judged{_parts(key)}: {value.why(key.policy)}."
}

_parts(key) := " in full" if key.policy.state == "partial"

else := ""
