# METADATA
# title: A Resource that is not this key
# description: "In a key policy a statement about anything but the key itself gives and denies nothing, so that what was meant is missing."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: "Write the star: in a key policy it stands for this key alone."
#   snippets:
#     policy: |
#       "Resource": "*"
#     cloudformation: |
#       Resource: "*"
#     terraform: |
#       Resource = "*"
package kms.rules.resource_not_star

import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A statement whose Resource is neither `*` nor the key's own ARN nor a pattern that matches it. It is unknown where the
#   Resource, or the key's own ARN, is not known.
# custom:
#   exceptions:
#   - "`*` is never too broad in a key policy: it is this key."
#   when_not: Never; such a statement has no effect.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	statement.matchesKey == "no"
	message := $"{result.subject(statement)} has no effect: its {_element(statement)} ({result.short_list(statement.resources)}) {_mismatch[_element(statement)]} this key."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	question := $"{result.statement(statement)}, whose {_element(statement)} is {result.short_list(statement.resources)}, applies to this key"
	message := result.cannot_tell(question, policy.matches_key(statement))
}

_mismatch := {"Resource": "does not match", "NotResource": "excludes"}

_element(statement) := "NotResource" if {
	statement.notResource
} else := "Resource"

_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
]
