# METADATA
# title: Access for an untrusted account
# description: "An account that is not on the trust list is outside your organization's control. Its administrators decide who uses the access to your key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Remove the account or organization from the statement, or add it to the trust list (`settings.trust`). First
#     check whether a known partner uses the key from that account.
#   snippets:
#     policy: |
#       "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}
#     cloudformation: |
#       Principal:
#         AWS: !GetAtt AppRole.Arn
#     terraform: |
#       Principal = { AWS = aws_iam_role.app.arn }
package kms.rules.untrusted_account

import data.kms.lib.causes
import data.kms.lib.external
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.trust
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow reaches an account or organization that is not on the trust list (`trust.accounts`,
#   `trust.organizations`). The Allow reaches it through a principal in that account, or through everyone under a
#   condition that names it. The verdict is unknown when the account is unknown.
# custom:
#   exceptions:
#   - Every statement, if no trust list is configured, because the rule then does not run.
#   - Principals under a condition that requires a trusted organization.
#   when_not: Turn this rule off if you do not maintain a list of trusted accounts.
fail contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows access from {_names(key, statement, principal)}, which the configured trust list does not include.{scope.ineffective_restrictions(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	question := $"the configured trust list includes {_names(key, statement, principal)} in {result.statement(statement)}"
	message := result.cannot_tell(question, verdict)
}

_names(key, statement, principal) := concat(", ", sort(names)) if {
	principal.kind == "everyone"
	names := {v.text |
		some conditions in scope.restrictions(key, statement)
		some c in conditions
		c.key in _named_keys
		some v in c.values
	}
	count(names) > 0
} else := external.name(principal)

_verdicts := [[key, statement, principal, verdict] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	verdict := truth.every_of({
		external.is_beyond_owner(key, statement, principal),
		external.grants_any(key, statement, principal),
		truth.negate(_is_trusted(key, statement, principal)),
	})
]

# One restriction to trusted accounts and organizations is enough.
_is_trusted(key, statement, principal) := truth.any_of({_is_trusted_account(principal)} | {_is_within_trust(conditions) |
	some conditions in scope.restrictions(key, statement)
})

_is_within_trust(conditions) := truth.unknown(union(unknown)) if {
	unknown := {causes.condition(c) | some c in conditions; c.operator == "Unknown"}
	count(unknown) > 0
} else := truth.every_of({_is_trusted_value(c.key, v) | some c in conditions; some v in c.values}) if {
	every c in conditions {
		c.key in _named_keys
	}
} else := truth.no

_named_keys := {
	"kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn",
	"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths",
}

_is_trusted_value(key, v) := _is_trusted_account(v) if {
	v.account
} else := truth.yes if {
	# The ARN of a bucket names no account.
	key == "aws:sourcearn"
	not v.unknown
} else := truth.unknown(causes.condition_value(v)) if {
	v.unknown
} else := truth.from(split(v.text, "/")[0] in trust.organizations)

_is_trusted_account(named) := truth.no if {
	named.kind == "everyone"
} else := truth.yes if {
	named.relation == "owner"
} else := truth.from(named.account in trust.accounts) if {
	is_string(named.account)
} else := truth.unknown(causes.account(named))
