# METADATA
# title: Full access for somebody other than the account root
# description: "Who has kms:* can use the key, change its policy and delete it: one stolen session is enough for all of it."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# - https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan]
#   settings:
#     administrators:
#       type: array
#       items: {type: string}
#       default: []
#       description: ARNs of principals that may have kms:*; * stands for any characters
#   remediation: Give the principal the actions of its part, to administer the key or to use it.
#   snippets:
#     policy: |
#       "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
#     cloudformation: |
#       Action:
#         - kms:Encrypt
#         - kms:Decrypt
#         - kms:ReEncrypt*
#         - kms:GenerateDataKey*
#         - kms:DescribeKey
#     terraform: |
#       Action = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]
package kms.rules.full_access

import data.kms.facts
import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   An Allow that writes `kms:*` or `*` for a user or role of the key's own account. It is unknown where the principal's
#   account, the effect or the Resource is not known.
# custom:
#   exceptions:
#   - The account root, which has to have it.
#   - Principals of other accounts, which `cross_account_delegation` judges.
#   - The administrators that the settings name.
#   when_not: A few administrators hold every key of the account; name them in the settings instead.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.name(statement)} gives {principal.text} kms:*, to use the key as well as to administer and delete it."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.certain(key)
	verdict == truth.unknown
	message := $"{result.name(statement)} gives {principal.text} kms:*, and whether that is a principal of the key's own account, and what it gets, is not fully known."
}

_verdicts := [[key, statement, principal, verdict] |
	some key in policy.readable
	some statement in key.policy.statements
	policy.full(statement)
	some principal in policy.principals(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown"}
	not _named(principal)
	verdict := truth.every_of({policy.is_owners(principal), _left(key, statement, principal)})
]

# Somebody from whom a Deny takes a part does not have all of it.
_left(key, statement, principal) := truth.yes if {
	count(access.sure(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.unknown if {
	count(access.possible(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.no

_named(principal) if {
	some pattern in settings.of("full_access", about).administrators
	glob.match(pattern, [], principal.text)
}
