# METADATA
# title: Another account has more access than it needs
# description: "Principals in another account only need `kms:Decrypt` and `kms:DescribeKey` to read shared data. You can neither see nor revoke how that account passes on any further action."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     PCI DSS v4.0.1: ["3.6.1"]
#   settings:
#     actions:
#       type: array
#       items: {type: string, pattern: "^[A-Z][A-Za-z]+$"}
#       default: [Decrypt, DescribeKey, GetPublicKey, Verify, VerifyMac]
#       description: Actions, without the prefix kms:, that another account may have
#     preset:
#       enum: [decrypt, encrypt]
#       default: decrypt
#       description: Use encrypt to also allow Encrypt, GenerateDataKey* and ReEncrypt*
#   remediation: |
#     Limit the statement for the other account to the actions that reading requires. If that account must also
#     write, set `cross_account_excess.preset: encrypt` to allow `kms:Encrypt`, `kms:GenerateDataKey*` and
#     `kms:ReEncrypt*`.
#   snippets:
#     policy: |
#       {
#         "Sid": "AllowPartnerRead",
#         "Effect": "Allow",
#         "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"},
#         "Action": ["kms:Decrypt", "kms:DescribeKey"],
#         "Resource": "*"
#       }
#     cloudformation: |
#       - Sid: AllowPartnerRead
#         Effect: Allow
#         Principal:
#           AWS: arn:aws:iam::444455556666:role/reader
#         Action: [kms:Decrypt, kms:DescribeKey]
#         Resource: "*"
#     terraform: |
#       {
#         Sid       = "AllowPartnerRead"
#         Effect    = "Allow"
#         Principal = { AWS = "arn:aws:iam::444455556666:role/reader" }
#         Action    = ["kms:Decrypt", "kms:DescribeKey"]
#         Resource  = "*"
#       }
package kms.rules.cross_account_excess

import data.kms.facts
import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.settings
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow gives a principal in another account, or everyone under a condition that names another
#   account, an action outside the configured set. Wildcards are resolved first.
# custom:
#   exceptions:
#   - Actions that have no effect across accounts.
#   - Organizations in a condition that restricts access.
#   - '`kms:*` and CreateGrant, which `cross_account_delegation` checks.'
#   - GetPublicKey, Verify and VerifyMac, which disclose nothing.
#   when_not: If other accounts write with your keys by design, set the preset instead of turning the rule off.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, index, principal] in _candidates
	excess := _excess(access.actions_with(statement, index, "external"))
	count(excess) > 0
	message := $"{result.subject(statement)} allows {result.principal(principal)} {result.short_list([$"kms:{a}" | some a in excess])}{_requirement}.{scope.ineffective_restrictions(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, index, principal] in _candidates
	policy.is_resolved(key)
	excess := _excess(access.possible_actions_with(statement, index, "external"))
	verdict := access.any_of(statement, index, "external", excess)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows another account {result.short_list([$"kms:{a}" | some a in excess])}"
	message := result.cannot_tell(question, verdict)
}

# `cross_account_delegation` covers `kms:*` and CreateGrant.
_candidates := [[key, statement, index, principal] |
	some [key, statement, index, principal] in policy.principals
	not policy.has_full_wildcard(statement)
]

_excess(actions) := ((actions & facts.cross_account_actions) - {"CreateGrant"}) - _allowed

_settings := settings.of("cross_account_excess", about)

_allowed := {action | some action in _settings.actions} | _preset(_settings.preset)

_preset("decrypt") := set()

_preset("encrypt") := {action |
	some action in facts.actions
	some prefix in ["Encrypt", "GenerateDataKey", "ReEncrypt"]
	startswith(action, prefix)
}

_requirement := "; a reader only needs kms:Decrypt and kms:DescribeKey" if _settings.preset == "decrypt"

else := ", which the encrypt preset does not include"
