# METADATA
# title: The account root has no full access
# description: "Without the statement for the account root, IAM policies cannot allow anything on the key, and when the named principals are gone only AWS support can bring it back."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Add the statement that every default key policy has.
#   snippets:
#     policy: |
#       {
#         "Sid": "Enable IAM policies",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
#         "Action": "kms:*",
#         "Resource": "*"
#       }
#     cloudformation: |
#       - Sid: Enable IAM policies
#         Effect: Allow
#         Principal:
#           AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
#         Action: kms:*
#         Resource: "*"
#     terraform: |
#       {
#         Sid       = "Enable IAM policies"
#         Effect    = "Allow"
#         Principal = { AWS = "arn:aws:iam::111122223333:root" }
#         Action    = "kms:*"
#         Resource  = "*"
#       }
package kms.rules.root_access_missing

import data.kms.facts
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key policy that does not allow the root of the owning account, without conditions, every action that a key
#   policy can give: as kms:*, or by several statements together. It is a warning while the root keeps
#   kms:PutKeyPolicy.
# custom:
#   exceptions:
#   - 'A key without a policy: AWS attaches the default one.'
#   - 'A root with a malformed account id (invalid_principal) and kms:* for everyone (public_access).'
#   - Deny statements, which key_unmanageable and administration_denied judge.
#   when_not: Access is given by key policies alone, and IAM policies are meant to have no effect on the key.
fail contains object.union(result.at_policy(key, message), {"level": level}) if {
	some [key, sure, possible] in _given
	not key.policy.hasUnknownStatements
	not _gives_all(possible)
	message := _message(facts.key_policy_actions - sure)
	level := _level(sure)
}

unknown contains result.at_policy(key, message) if {
	some [key, sure, possible] in _given
	policy.is_resolved(key)
	not _gives_all(sure)
	_open_to_more(key, possible)
	message := result.cannot_tell("the key policy allows the account root principal kms:* without conditions", truth.unknown(_causes(key, sure)))
}

_causes(key, sure) := truth.causes(possibly | more) if {
	more := {truth.unknown(causes.policy(key.policy)) | key.policy.hasUnknownStatements}
	possibly := {verdict |
		some statement in key.policy.statements
		root := _root(statement)
		root != truth.no
		some action in (facts.key_policy_actions - sure)
		covered := policy.covers(statement, action)
		covered != truth.no
		some verdict in [root, covered]
	}
}

_open_to_more(key, _) if key.policy.hasUnknownStatements

_open_to_more(_, possible) if _gives_all(possible)

_gives_all(actions) if count(actions) == count(facts.key_policy_actions)

_message(missing) := "The key policy allows the account root principal no action without conditions; kms:* is required." if {
	count(missing) == count(facts.key_policy_actions)
} else := $"The key policy allows the account root principal only part of kms:* without conditions: it omits {result.short_list([$"kms:{action}" | some action in missing])}."

_level(sure) := "warning" if {
	sure.PutKeyPolicy
} else := "error"

# What the statements surely and possibly give the account root.
_given := [[key, _sure(key), _possible(key)] | some key in policy.readable]

_sure(key) := facts.key_policy_actions & {action |
	some statement in key.policy.statements
	_root(statement) == truth.yes
	some action in statement.covers
}

_possible(key) := facts.key_policy_actions & {action |
	some statement in key.policy.statements
	_root(statement) != truth.no
	some action in array.concat(statement.covers, statement.mayCover)
}

# Whether a statement is an Allow for the account root, without conditions.
_root(statement) := truth.every_of({
	policy.has_effect(statement, "Allow"),
	_unconditional(statement),
	truth.any_of({_is_root(p) | some p in policy.principals(statement)}),
})

_unconditional(statement) := truth.yes if {
	count(statement.conditions) == 0
} else := truth.unknown(union({causes.condition(c) | some c in statement.conditions})) if {
	every c in statement.conditions {
		c.operator == "Unknown"
	}
} else := truth.no

_is_root(p) := truth.yes if {
	p.kind == "everyone"
} else := truth.yes if {
	# `invalid_principal` tells that the id is malformed.
	p.kind == "root"
	p.invalidReason
} else := policy.is_in_owner_account(p) if {
	p.kind == "root"
} else := truth.every_of({truth.unknown(causes.principal(p)), policy.is_in_owner_account(p)}) if {
	p.kind in {"iam", "unknown"}
} else := truth.no
