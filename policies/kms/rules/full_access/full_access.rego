# METADATA
# title: Full access for a principal other than the account root
# description: "A principal with `kms:*` can use the key, change its policy and delete it. An attacker needs only one stolen session to do all three."
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
#       description: ARNs of principals that may have kms:*; * matches any characters
#   remediation: Allow the principal only the actions that it needs, either to administer the key or to use it.
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
import data.kms.lib.scope
import data.kms.lib.settings
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow names `kms:*` or `*` for a user or role in the key's own account. The verdict is unknown
#   when the principal's account, the effect or the Resource is unknown.
# custom:
#   exceptions:
#   - The account root principal, which needs full access.
#   - Principals in other accounts, which `cross_account_delegation` checks.
#   - Administrators that the rule settings name.
#   when_not: |
#     If a few administrators have full access to every key in the account, name them in the rule settings instead
#     of turning the rule off.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows {result.principal(principal)} kms:*; only the account root principal and the configured administrators should have full access."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows kms:* for {result.principal(principal)}, a principal in the account that owns the key"
	message := result.cannot_tell(question, verdict)
}

_verdicts := [[key, statement, principal, verdict] |
	some [key, statement, index, principal] in policy.principals
	policy.has_full_wildcard(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "everyone"}
	not _is_administrator(statement, principal)
	verdict := truth.every_of({
		# A principal does not have full access if a Deny takes away some of its actions.
		access.every_of(statement, index, "owner", facts.key_policy_actions),
		policy.is_not_root(principal),
		_is_of_account(statement, index, principal),
	})
]

# Everyone under a condition on accounts means their principals. `public_access` covers everyone without a condition, and
# `cross_account_delegation` covers other accounts. Who may only call through a service has just the actions of that service.
_is_of_account(statement, index, principal) := truth.every_of({
	truth.negate(access.any(statement, index, "public")),
	truth.negate(access.any_of(statement, index, "beyondOwner", {"CreateGrant", "Decrypt"})),
	truth.negate(truth.any_of({scope.has_narrow_values(c) | some c in statement.conditions; _limits_services(c)})),
}) if {
	principal.kind == "everyone"
} else := truth.yes

_limits_services(c) if {
	c.key == "kms:viaservice"
	scope.requires_key(c, set())
}

_is_administrator(_, principal) if _is_configured(principal.text)

_is_administrator(statement, principal) if {
	principal.kind == "everyone"
	some c in statement.conditions
	c.key == "aws:principalarn"
	scope.requires_key(c, scope.always_present)
	scope.has_narrow_values(c) == truth.yes
	every v in c.values {
		_is_configured(v.text)
	}
}

_is_configured(text) if {
	some pattern in settings.of("full_access", about).administrators
	glob.match(pattern, [], text)
}
