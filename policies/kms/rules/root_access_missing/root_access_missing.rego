# METADATA
# title: Account root principal lacks full access
# description: "Without the account root statement, IAM policies cannot allow access to the key. If the principals in the key policy are deleted, only AWS Support can restore access to the key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: Add the account root statement from the default key policy.
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
#   Fails when a key policy does not allow the owner's account root principal, without conditions, every action that
#   a key policy can grant: as `kms:*` or in several statements together. The level is warning while the account
#   root principal keeps `kms:PutKeyPolicy`.
# custom:
#   exceptions:
#   - A key without a policy, because AWS KMS attaches the default key policy.
#   - A root with a malformed account ID, which `invalid_principal` reports, and `kms:*` for everyone, which `public_access` reports.
#   - Deny statements, which `key_unmanageable` and `administration_denied` check.
#   when_not: |
#     Turn this rule off if you grant access only in key policies and IAM policies must have no effect on the key.
fail contains object.union(result.at_policy(key, message), {"level": level}) if {
	some [key, sure, possible] in _actions
	not key.policy.hasUnknownStatements
	not _gives_all(possible)
	message := _message(facts.key_policy_actions - sure)
	level := _level(sure)
}

unknown contains result.at_policy(key, message) if {
	some [key, sure, possible] in _actions
	policy.is_resolved(key)
	not _gives_all(sure)
	_may_give_all(key, possible)
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

_may_give_all(key, _) if key.policy.hasUnknownStatements

_may_give_all(_, possible) if _gives_all(possible)

_gives_all(actions) if count(actions) == count(facts.key_policy_actions)

_message(missing) := "The key policy allows the account root principal no action without conditions; kms:* is required." if {
	count(missing) == count(facts.key_policy_actions)
} else := $"The key policy allows the account root principal only part of kms:* without conditions: it omits {result.short_list([$"kms:{action}" | some action in missing])}."

_level(sure) := "warning" if {
	sure.PutKeyPolicy
} else := "error"

# By key: the actions that the account root has for all unknown values, and for some of them.
_actions := [[key, _sure(key), _possible(key)] | some key in policy.readable]

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

# The truth of a statement being an Allow for the account root without conditions.
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
	# `invalid_principal` covers malformed account IDs.
	p.kind == "root"
	p.invalidReason
} else := policy.is_in_owner_account(p) if {
	p.kind == "root"
} else := truth.every_of({truth.unknown(causes.principal(p)), policy.is_in_owner_account(p)}) if {
	p.kind in {"iam", "unknown"}
} else := truth.no
