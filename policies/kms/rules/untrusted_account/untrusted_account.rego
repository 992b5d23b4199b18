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

import data.kms.lib.external
import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.result
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
	message := $"{result.name(statement)} lets in {_who(key, statement, principal)}, which is not on the list of trusted accounts."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, verdict] in _verdicts
	policy.certain(key)
	verdict == truth.unknown
	message := $"{result.name(statement)} lets in {_who(key, statement, principal)}, and whether that is on the list of trusted accounts is not known."
}

_who(key, statement, principal) := concat(", ", sort(names)) if {
	principal.kind == "everyone"
	names := {v.text |
		some conditions in fence.all_of(key, statement)
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
		external.is_beyond(key, statement, principal),
		external.gives(key, statement, principal),
		truth.negate(_trusted(key, statement, principal)),
	})
]

# One fence of trusted accounts and organisations alone is enough.
_trusted(key, statement, principal) := truth.any_of({_account(principal)} | {_within(conditions) |
	some conditions in fence.all_of(key, statement)
})

_within(conditions) := truth.unknown if {
	some c in conditions
	c.operator == "Unknown"
} else := truth.every_of({_value(c.key, v) | some c in conditions; some v in c.values}) if {
	every c in conditions {
		c.key in _named_keys
	}
} else := truth.no

_named_keys := {
	"kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn",
	"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths",
}

_value(key, v) := _account(v) if {
	v.account
} else := truth.yes if {
	# The ARN of a bucket names no account.
	key == "aws:sourcearn"
	not v.unknown
} else := truth.unknown if {
	v.unknown
} else := truth.from(split(v.text, "/")[0] in trust.organizations)

_account(named) := truth.no if {
	named.kind == "everyone"
} else := truth.yes if {
	named.relation == "owner"
} else := truth.from(named.account in trust.accounts) if {
	is_string(named.account)
} else := truth.unknown
