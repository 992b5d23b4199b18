# METADATA
# title: One principal administers and uses the key
# description: "Who can use a key and change its policy as well can give itself and others whatever it lacks, and cover the tracks."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# - https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam.html
# custom:
#   level: note
#   category: access
#   formats: [policy, cloudformation, plan]
#   remediation: Let one role administer the key and another use it.
#   snippets:
#     policy: |
#       {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/admin"}, "Action": ["kms:Put*", "kms:ScheduleKeyDeletion", "kms:DisableKey"], "Resource": "*"},
#       {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"], "Resource": "*"}
#     cloudformation: |
#       - Effect: Allow
#         Principal: {AWS: !GetAtt AdminRole.Arn}
#         Action: ["kms:Put*", "kms:ScheduleKeyDeletion", "kms:DisableKey"]
#         Resource: "*"
#       - Effect: Allow
#         Principal: {AWS: !GetAtt AppRole.Arn}
#         Action: ["kms:Decrypt", "kms:GenerateDataKey*"]
#         Resource: "*"
#     terraform: |
#       { Effect = "Allow", Principal = { AWS = aws_iam_role.admin.arn }, Action = ["kms:Put*", "kms:ScheduleKeyDeletion", "kms:DisableKey"], Resource = "*" },
#       { Effect = "Allow", Principal = { AWS = aws_iam_role.app.arn }, Action = ["kms:Decrypt", "kms:GenerateDataKey*"], Resource = "*" }
package kms.rules.separation_of_duties

import data.kms.facts
import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A user or role that the statements of the policy, after its Denies, leave with an action that administers the key
#   (PutKeyPolicy, ScheduleKeyDeletion, DisableKey, ImportKeyMaterial, …) and one that uses it (Decrypt, GenerateDataKey,
#   Sign, …).
# custom:
#   exceptions:
#   - The account root.
#   - Principals with kms:*, of which `full_access` speaks.
#   - Principals of other accounts, which `cross_account_excess` judges.
#   when_not: A small team runs the key and uses it.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _first
	does := _actions(key, principal, "sure")
	count(does & _administration) > 0
	count(does & _use) > 0
	message := $"The principal {principal.text} can both administer the key ({_some(does & _administration)}) and use it ({_some(does & _use)})."
}

unknown := set()

_some(actions) := result.some_of([$"kms:{action}" | some action in actions])

_administration := {
	"PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "DisableKeyRotation",
	"DeleteImportedKeyMaterial", "ImportKeyMaterial", "UpdatePrimaryRegion", "ReplicateKey",
}

_use := {action | some action in facts.operations[_]} - {"CreateGrant", "DescribeKey", "RetireGrant", "GetPublicKey"}

# Each principal at the first statement that allows it something.
_first := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	_own(principal)
	not _full(key, principal)
	statement.index == min({other.index | some other in key.policy.statements; _allows(other, principal)})
]

_own(principal) if {
	principal.kind in {"user", "role", "assumed-role", "federated-user"}
	policy.is_owners(principal) == truth.yes
}

_full(key, principal) if {
	some statement in key.policy.statements
	policy.full(statement)
	_allows(statement, principal)
}

_allows(statement, principal) if {
	policy.has_effect(statement, "Allow") == truth.yes
	some other in policy.principals(statement)
	other.text == principal.text
}

_actions(key, principal, "sure") := {action |
	some statement in key.policy.statements
	_allows(statement, principal)
	some action in access.sure(key, statement, principal)
}
