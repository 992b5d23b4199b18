# METADATA
# title: Two statements with one Sid
# description: "Tools that merge policies take the later statement for the earlier one, and a report that names the Sid names two."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
# custom:
#   level: note
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Unique Sids recommended]
#   remediation: Give each statement a Sid of its own.
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
# description: |
#   A statement with the Sid of an earlier statement of the same policy.
# custom:
#   exceptions:
#   - Statements without a Sid.
#   - Spaces in a Sid, which KMS takes.
#   when_not: Never needed; the finding is a note.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some key in policy.readable
	repeated := _repeated(key)
	count(repeated) > 0
	some statement in key.policy.statements
	statement.sid in repeated
	statement.index > min({other.index | some other in key.policy.statements; other.sid == statement.sid})
	message := $"Statement {statement.index + 1} has the Sid \"{statement.sid}\" of an earlier statement."
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
