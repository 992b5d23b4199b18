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
import data.kms.lib.external
import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.result
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
	message := $"{result.name(statement)} gives {external.name(principal)} kms:*, to use the key as well as to administer and delete it."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.certain(key)
	verdict == truth.unknown
	message := $"{result.name(statement)} gives {external.name(principal)} kms:*, and whether that is a principal of the key's own account, and what it gets, is not fully known."
}

_verdicts := [[key, statement, principal, verdict] |
	some key in policy.readable
	some statement in key.policy.statements
	policy.full(statement)
	some principal in policy.principals(statement)
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "everyone"}
	not _administrators(statement, principal)
	verdict := truth.every_of({
		_own(key, statement, principal),
		policy.not_root(principal),
		_left(key, statement, access.as_owner(principal)),
	})
]

# Everyone of the account, when only through a service, does what the service does for them.
_own(key, statement, principal) := truth.every_of({
	fence.reaches_owner(key, statement),
	truth.negate(truth.any_of({fence.narrow_values(c) | some c in statement.conditions; _of_services(c)})),
}) if {
	principal.kind == "everyone"
} else := policy.is_owners(principal)

_of_services(c) if {
	c.key == "kms:viaservice"
	fence.demands(c, set())
}

# Somebody from whom a Deny takes a part does not have all of it.
_left(key, statement, principal) := truth.yes if {
	count(access.sure(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.unknown if {
	count(access.possible(key, statement, principal)) == count(facts.key_policy_actions)
} else := truth.no

_administrators(_, principal) if _named(principal.text)

_administrators(statement, principal) if {
	principal.kind == "everyone"
	some c in statement.conditions
	c.key == "aws:principalarn"
	fence.confines(c) == truth.yes
	every v in c.values {
		_named(v.text)
	}
}

_named(text) if {
	some pattern in settings.of("full_access", about).administrators
	glob.match(pattern, [], text)
}
