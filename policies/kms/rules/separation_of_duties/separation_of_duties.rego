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
	own := _pairs(key)
	does := own | _inherited(key, own)
	both := _both(does)
	count(both) > 0
	some text in (both - _with_full_access(key))
	[statement, _, principal] := _statements_for(key, text)[0]
	message := $"The principal {text} can both administer the key ({_examples(does, text, _administration)}) and use it ({_examples(does, text, _use)})."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some key in policy.readable
	policy.is_resolved(key)
	pairs := _possible_pairs(key)
	perhaps := _both(pairs) | _possibly_both(key, pairs)
	count(perhaps) > 0
	some text in (perhaps - (_with_full_access(key) | _both(_pairs(key))))
	[statement, _, principal] := _statements_for(key, text)[0]
	verdict := truth.unknown(_doubts(key, text))
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the principal {text} can both administer and use the key", verdict)
}

_doubts(key, text) := union({doubts |
	some [statement, index, principal] in _statements_for(key, text)
	doubts := access.doubts(statement, index, "owner", _administration | _use) | truth.causes({policy.is_not_root(principal)})
})

# The principals that have actions of both kinds.
_both(pairs) := _with_any(pairs, _administration) & _with_any(pairs, _use)

_with_any(pairs, kind) := {text | some [text, action] in pairs; action in kind}

# An unknown principal may be any of the principals that have actions of the other kind.
_possibly_both(key, pairs) := {text |
	some statement in key.policy.statements
	some principal in statement.principals
	principal.kind == "unknown"
	text := principal.text
	some [ones, others] in kinds
	text in ones
	count(others - {text}) > 0
} if {
	administrators := _with_any(pairs, _administration)
	users := _with_any(pairs, _use)
	kinds := [[administrators, users], [users, administrators]]
}

_examples(does, text, kind) := result.short_list([$"kms:{action}" | some [who, action] in does; who == text; action in kind])

_administration := {
	"PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "DisableKeyRotation",
	"DeleteImportedKeyMaterial", "ImportKeyMaterial", "UpdatePrimaryRegion", "ReplicateKey",
}

_use := {action | some action in facts.operations[_]} - {"CreateGrant", "DescribeKey", "RetireGrant", "GetPublicKey"}

# Pairs of a principal and an action that it has. One pass over the statements finds all of them.
_pairs(key) := {[principal.text, action] |
	some statement in key.policy.statements
	some index, principal in statement.principals
	principal.kind in _kinds
	policy.is_not_root(principal) == truth.yes
	some action in access.actions_with(statement, index, "owner")
	action in (_administration | _use)
}

# A session that the policy names also has the actions of its role, unless a Deny names the session. The ARN of a session
# has the account and the name of the role, but not its path.
_inherited(key, pairs) := {[session, action] |
	some [session, role] in of_role
	some [text, action] in pairs
	text == role
} if {
	roles := {text | some [text, _] in pairs} - _with_full_access(key)
	paths := [[account, role, path[count(path) - 1]] |
		some role in roles
		[_, _, "iam", _, account, resource] = split(role, ":")
		startswith(resource, "role/")
		path := split(resource, "/")
	]
	of_role := [[session, role] |
		some session in (_named(key, "Allow") - _named(key, "Deny"))
		[_, _, "sts", _, account, resource] = split(session, ":")
		name := split(resource, "/")[1]
		some [account_of_role, role, name_of_role] in paths
		name_of_role == name
		account_of_role == account
	]
}

_named(key, effect) := {principal.text |
	some statement in key.policy.statements
	statement.effect == effect
	some principal in statement.principals
	principal.kind == "assumed-role"
}

_possible_pairs(key) := {[principal.text, action] |
	some statement in key.policy.statements
	some index, principal in statement.principals
	principal.kind in _kinds
	some action in access.possible_actions_with(statement, index, "owner")
	action in (_administration | _use)
}

_kinds := {"user", "role", "assumed-role", "federated-user", "iam", "unknown"}

# If a Deny takes away a part of full access, this rule applies again.
_with_full_access(key) := {principal.text |
	some statement in key.policy.statements
	policy.has_full_wildcard(statement)
	some index, principal in statement.principals
	count(access.possible_actions_with(statement, index, "owner")) == count(facts.key_policy_actions)
}

# The statements that may allow a principal an action.
_statements_for(key, text) := [[statement, index, principal] |
	some statement in key.policy.statements
	some index, principal in statement.principals
	principal.text == text
	access.any(statement, index, "owner") != truth.no
]
