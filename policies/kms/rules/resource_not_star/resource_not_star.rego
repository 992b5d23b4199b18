# METADATA
# title: Resource does not match this key
# description: "In a key policy, a statement about any other resource has no effect. The access that it should grant or deny is missing."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Set Resource to "*". In a key policy, it means only this key.
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
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the Resource of a statement is neither `*`, nor the key's own ARN, nor a pattern that matches that
#   ARN. The verdict is unknown when the Resource or the key's own ARN is unknown.
# custom:
#   exceptions:
#   - '`*`, because in a key policy it means only this key and is never too broad.'
#   when_not: Never. The statement has no effect.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	statement.matchesKey == "no"
	message := $"{result.subject(statement)} has no effect: its {_element(statement)} ({result.short_list(statement.resources)}) {_mismatch[_element(statement)]} this key."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	verdict := policy.matches_key(statement)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)}, whose {_element(statement)} is {result.short_list(statement.resources)}, applies to this key"
	message := result.cannot_tell(question, verdict)
}

_mismatch := {"Resource": "does not match", "NotResource": "excludes"}

_element(statement) := "NotResource" if {
	statement.notResource
} else := "Resource"

_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
]
