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
import data.kms.lib.access
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key policy does not allow the owner's account root principal, without conditions or under conditions
#   that always hold, every action that a key policy can grant: as `kms:*` or in several statements together. The level
#   is warning while the account root principal keeps `kms:PutKeyPolicy`.
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
	missing := facts.key_policy_actions - sure
	possibly := {verdict |
		some [statement, index, allows] in _allows(key)
		always := access.any_of(statement, index, "always", missing)
		always != truth.no
		some verdict in [allows, always]
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

_sure(key) := {action |
	some [statement, index, allows] in _allows(key)
	allows == truth.yes
	some action in access.actions_with(statement, index, "always")
}

_possible(key) := {action |
	some [statement, index, _] in _allows(key)
	some action in access.possible_actions_with(statement, index, "always")
}

# NotPrincipal names no principal, so IAM policies take no effect by it.
_allows(key) := [[statement, index, allows] |
	some statement in key.policy.statements
	allows := policy.has_effect(statement, "Allow")
	allows != truth.no
	some index, _ in statement.principals
]
