# METADATA
# title: Full access for somebody other than the account root
# description: "Who has kms:* can use the key, change its policy and delete it: one stolen session is enough for all of it."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
# - https://docs.aws.amazon.com/prescriptive-guidance/latest/aws-kms-best-practices/iam.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
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
import data.kms.lib.external
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
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
	message := $"{result.subject(statement)} gives {external.name(principal)} kms:*, to use the key as well as to administer and delete it."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} gives a principal in the account of the key, {external.name(principal)}, kms:*"
	message := result.cannot_tell(question, verdict)
}

_verdicts := [[key, statement, principal, verdict] |
	some key in policy.readable
	some statement in key.policy.statements
	policy.has_full_wildcard(statement)
	some principal in policy.principals(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "everyone"}
	not _is_administrator(statement, principal)
	verdict := truth.every_of({
		_is_own(key, statement, principal),
		policy.is_not_root(principal),
		_has_full_access(key, statement, access.as_owner(principal)),
	})
]

# Everyone in the account who may only call through a service has just the actions of that service.
_is_own(key, statement, principal) := truth.every_of({
	scope.reaches_owner(key, statement),
	truth.negate(truth.any_of({scope.has_narrow_values(c) | some c in statement.conditions; _limits_services(c)})),
}) if {
	principal.kind == "everyone"
} else := policy.is_in_owner_account(principal)

_limits_services(c) if {
	c.key == "kms:viaservice"
	scope.requires_key(c, set())
}

# A principal does not have full access if a Deny takes away some of its actions.
_has_full_access(key, statement, principal) := truth.yes if {
	count(access.granted(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.unknown(access.doubts(key, statement, principal, facts.key_policy_actions)) if {
	count(access.possibly_granted(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.no

_is_administrator(_, principal) if _is_configured(principal.text)

_is_administrator(statement, principal) if {
	principal.kind == "everyone"
	some c in statement.conditions
	c.key == "aws:principalarn"
	scope.restricts(c) == truth.yes
	every v in c.values {
		_is_configured(v.text)
	}
}

_is_configured(text) if {
	some pattern in settings.of("full_access", about).administrators
	glob.match(pattern, [], text)
}
