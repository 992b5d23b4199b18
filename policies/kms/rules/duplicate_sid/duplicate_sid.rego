# METADATA
# title: Duplicate Sid
# description: "Tools that merge policies by Sid replace the earlier statement with the later one. A report that names the Sid refers to two statements."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Unique Sids recommended]
#   remediation: Give each statement a unique Sid.
#   snippets:
#     policy: |
#       "Sid": "AllowUseByOrders"
#     cloudformation: |
#       Sid: AllowUseByOrders
#     terraform: |
#       Sid = "AllowUseByOrders"
package kms.rules.duplicate_sid

import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: Fails when a statement has the Sid of an earlier statement in the same policy.
# custom:
#   exceptions:
#   - Statements without a Sid.
#   - Spaces in a Sid, which AWS KMS accepts.
#   when_not: Rarely needed. The finding is a note and never changes the exit code.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some key in policy.readable
	repeated := _repeated(key)
	count(repeated) > 0
	some statement in key.policy.statements
	statement.sid in repeated
	first := min({other.index | some other in key.policy.statements; other.sid == statement.sid})
	statement.index > first
	message := $"Statements {first + 1} and {statement.index + 1} have the same Sid, \"{statement.sid}\"; a Sid must be unique within a policy."
}

unknown := set()

_named(statement) if {
	is_string(statement.sid)
	statement.sid != ""
	not contains(statement.sid, "⟨")
}

# Equal Sids are adjacent after sorting.
_repeated(key) := {sid | some i, sid in sorted; i > 0; sorted[i - 1] == sid} if {
	sorted := sort([statement.sid | some statement in key.policy.statements; _named(statement)])
}
