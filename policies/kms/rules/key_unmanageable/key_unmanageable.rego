# METADATA
# title: No principal can change the key policy
# description: "If no principal in the owner account keeps `kms:PutKeyPolicy`, nobody in the account can change the key policy again. You have to contact AWS Support to regain control of the key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: manageability
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Let the account root principal or an administrator in the owner account keep `kms:PutKeyPolicy`, and exempt
#     that principal from every Deny.
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
package kms.rules.key_unmanageable

import data.kms.lib.access
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key policy, after all of its Deny statements, leaves no principal in the owner account with
#   `kms:PutKeyPolicy`. A Deny whose conditions always hold for a principal, and an Allow whose conditions never hold,
#   take it away as well.
# custom:
#   exceptions:
#   - An Allow with conditions for the account root principal, for a principal in the owner account or for everyone, because it counts.
#   - A root with a malformed account ID, because it counts here and `invalid_principal` reports it.
#   when_not: Never. If a key must not be manageable, suppress the finding for that key with a reason.
fail contains result.at_policy(key, message) if {
	some [key, manageable] in _verdicts
	manageable == truth.no
	message := _message(key)
}

unknown contains result.at_policy(key, message) if {
	some [key, manageable] in _verdicts
	policy.is_resolved(key)
	message := result.cannot_tell("a principal in the key's account has kms:PutKeyPolicy", manageable)
}

_message(key) := "Deny statements take kms:PutKeyPolicy away from every principal in the key's account; at least one must keep it." if {
	some deny in key.policy.statements
	deny.effect != "Allow"
	policy.covers(deny, "PutKeyPolicy") != truth.no
	some statement in key.policy.statements
	policy.has_effect(statement, "Allow") == truth.yes
	policy.covers(statement, "PutKeyPolicy") == truth.yes
	_names_account(statement)
	not scope.never_matches(statement)
} else := "No statement allows any principal in the key's account kms:PutKeyPolicy; at least one must have it."

_names_account(statement) if statement.notPrincipal

_names_account(statement) if {
	some principal in statement.principals
	principal.kind == "everyone"
}

_names_account(statement) if {
	some principal in statement.principals
	principal.kind in {"root", "user", "role", "assumed-role", "federated-user", "iam"}
	principal.relation == "owner"
}

# `invalid_principal` reports a malformed account ID.
_names_account(statement) if {
	some principal in statement.principals
	principal.kind == "root"
	principal.invalidReason
}

_verdicts := [[key, _manageable(key)] | some key in policy.readable]

_manageable(key) := truth.any_of({access.anyone(statement, "owner", "PutKeyPolicy") |
	some statement in key.policy.statements
} | _unknown_statements(key))

_unknown_statements(key) := {truth.unknown(causes.policy(key.policy))} if key.policy.hasUnknownStatements

else := set()
