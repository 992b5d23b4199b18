# METADATA
# title: One principal can administer and use the key
# description: "A principal that can use a key and change its policy can give itself and others any missing permission. It can also remove that permission again to hide its actions."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# - https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam.html
# custom:
#   level: note
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Let one role administer the key and another role use it.
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
#   Fails when the key policy, after its Deny statements, lets a user or role both administer and use the key.
#   Examples of administration are PutKeyPolicy, ScheduleKeyDeletion, DisableKey and ImportKeyMaterial; examples of
#   use are Decrypt, GenerateDataKey and Sign.
# custom:
#   exceptions:
#   - The account root principal.
#   - Principals with `kms:*`, which `full_access` reports.
#   - Principals in other accounts, which `cross_account_excess` checks.
#   when_not: Turn this rule off if one small team administers and uses the key.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some key in policy.readable
	does := _pairs(key, truth.yes)
	both := _both(does)
	count(both) > 0
	some text in (both - _full(key))
	[statement, principal] := _first(key, text)
	message := $"The principal {text} can both administer the key ({_some(does, text, _administration)}) and use it ({_some(does, text, _use)})."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some key in policy.readable
	policy.certain(key)
	pairs := _pairs(key, truth.unknown)
	perhaps := _both(pairs) | _perhaps_both(key, pairs)
	count(perhaps) > 0
	some text in (perhaps - (_full(key) | _both(_pairs(key, truth.yes))))
	[statement, principal] := _first(key, text)
	message := $"Whether the principal {text} can both administer and use the key is not known: its account, or what the statements give it, is not."
}

# Who has actions of both kinds.
_both(pairs) := administrators & users if {
	administrators := {text | some [text, action] in pairs; action in _administration}
	users := {text | some [text, action] in pairs; action in _use}
}

# A principal of which nothing is known may be any of those who do the other.
_perhaps_both(key, pairs) := {text |
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	principal.kind == "unknown"
	text := principal.text
	some [who, action] in pairs
	who == text
	some [other, another] in pairs
	other != text
	{action in _use, another in _use} == {true, false}
}

_some(does, text, kind) := result.some_of([$"kms:{action}" | some [who, action] in does; who == text; action in kind])

_administration := {
	"PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "DisableKeyRotation",
	"DeleteImportedKeyMaterial", "ImportKeyMaterial", "UpdatePrimaryRegion", "ReplicateKey",
}

_use := {action | some action in facts.operations[_]} - {"CreateGrant", "DescribeKey", "RetireGrant", "GetPublicKey"}

# Who can do what, for sure or perhaps, as pairs: one pass over the statements, however many there are.
_pairs(key, least) := {[principal.text, action] |
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "unknown"}
	policy.is_owners(principal) >= least
	some action in (_actions(key, statement, principal, least) & (_administration | _use))
}

_actions(key, statement, principal, least) := access.sure(key, statement, principal) if {
	least == truth.yes
} else := access.possible(key, statement, principal)

# A Deny may leave a part of full access, of which this rule speaks again.
_full(key) := {principal.text |
	some statement in key.policy.statements
	policy.full(statement)
	some principal in policy.principals(statement)
	count(access.possible(key, statement, principal)) == count(facts.key_policy_actions)
}

# Where a principal is first allowed something.
_first(key, text) := [[statement, principal] |
	some statement in key.policy.statements
	policy.has_effect(statement, "Allow") != truth.no
	some principal in policy.principals(statement)
	principal.text == text
][0]
