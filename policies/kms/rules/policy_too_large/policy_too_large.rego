# METADATA
# title: A policy that KMS does not take
# description: "KMS refuses a policy that is too large, or holds characters outside Latin-1, and the deployment fails half-way."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Join statements, name paths or tags in place of single principals, and keep to tab, line feed, carriage return and the characters from space to ÿ.
#   snippets:
#     policy: |
#       "Condition": {"StringEquals": {"aws:PrincipalTag/key-user": "orders"}}
#     cloudformation: |
#       Condition:
#         StringEquals:
#           aws:PrincipalTag/key-user: orders
#     terraform: |
#       Condition = { StringEquals = { "aws:PrincipalTag/key-user" = "orders" } }
package kms.rules.policy_too_large

import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A policy of more than 32,768 bytes without the white space between its parts, or with a character outside tab, line
#   feed, carriage return and U+0020 to U+00FF. Unknown parts count nothing.
# custom:
#   exceptions:
#   - Characters outside Latin-1 in descriptions and tags.
#   when_not: Never; KMS refuses the policy.
fail contains result.at_policy(key, message) if {
	some key in policy.readable
	key.policy.size.bytes > 32768
	message := $"The key policy has {_at_least(key.policy.size)}{key.policy.size.bytes} bytes; AWS KMS accepts at most 32768."
}

fail contains result.at(key, foreign.location, message) if {
	some key in policy.readable
	foreign := key.policy.size.unsupportedCharacter
	message := $"The key policy contains {_character(foreign)}; AWS KMS accepts only tab, line feed, carriage return and U+0020 to U+00FF."
}

unknown := set()

_at_least(size) := "at least " if size.isLowerBound

else := ""

_character(foreign) := $"the character {foreign.text}" if foreign.text

else := "an unsupported character in a sensitive value"
