# METADATA
# title: Key policy is too large or has unsupported characters
# description: "AWS KMS rejects a key policy that exceeds 32 KB or contains characters outside Latin-1. The deployment fails partway."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Merge statements, and match principals by path or tag instead of listing each one. Use only tab, line feed,
#     carriage return and the characters from space to ÿ. Before you merge, check that no principal gains access.
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

import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key policy, without the white space between its elements, is larger than 32,768 bytes. Also fails
#   when it has a character other than tab, line feed, carriage return and U+0020 to U+00FF. Unknown parts count as
#   zero bytes. Keywarden evaluates policies of up to 131,072 bytes; no other rule but `malformed_policy` evaluates a
#   larger one.
# custom:
#   exceptions:
#   - Characters outside Latin-1 in descriptions and tags.
#   when_not: Never. AWS KMS rejects the policy.
fail contains result.at_policy(key, message) if {
	some key in input.keys
	key.policy.size.bytes > 32768
	message := $"The key policy has {_at_least(key.policy.size)}{key.policy.size.bytes} bytes; AWS KMS accepts at most 32768."
}

fail contains result.at(key, foreign.location, message) if {
	some key in input.keys
	foreign := key.policy.size.unsupportedCharacter
	message := $"The key policy contains {_character(foreign)}; AWS KMS accepts only tab, line feed, carriage return and U+0020 to U+00FF."
}

unknown := set()

_at_least(size) := "at least " if size.isLowerBound

else := ""

_character(foreign) := $"the character {foreign.text}" if foreign.text

else := "an unsupported character in a sensitive value"
