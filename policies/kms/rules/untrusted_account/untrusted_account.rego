# METADATA
# title: An account that is not trusted
# description: "Access for an account that is not on the list of trusted ones leaves the organisation's control."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan]
#   remediation: Take the account or organisation out of the statement, or put it on the list of trusted ones (settings.trust).
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
#   An Allow for a principal of another account, or for everyone behind a fence that names another account or an
#   organisation, which is not on the trust list (`trust.accounts`, `trust.organizations`). It is unknown where the account
#   is not known.
# custom:
#   exceptions:
#   - Where no trust list is configured the rule does not run.
#   - Principals behind a condition on a trusted organisation.
#   when_not: No list of trusted accounts is kept.
fail contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.name(statement)} lets in {_who(statement, principal)}, which is not on the list of trusted accounts."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, verdict] in _verdicts
	policy.certain(key)
	verdict == truth.unknown
	message := $"{result.name(statement)} lets in {_who(statement, principal)}, and whether that is on the list of trusted accounts is not known."
}

_who(statement, principal) := concat(", ", sort(names)) if {
	principal.kind == "everyone"
	names := {v.text | some c in statement.conditions; c.key in _named_keys; some v in c.values}
	count(names) > 0
} else := external.name(principal)

_verdicts := [[key, statement, principal, verdict] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	verdict := truth.every_of({
		policy.has_effect(statement, "Allow"),
		external.is_beyond(statement, principal),
		truth.negate(_trusted(statement, principal)),
	})
]

_trusted(statement, principal) := truth.any_of({_account(principal)} | {_fenced(c) | some c in statement.conditions})

# A fence all of whose accounts and organisations are trusted.
_fenced(c) := truth.every_of({_value(v) | some v in c.values}) if {
	c.key in _named_keys
	fence.confines(c) != truth.no
} else := truth.no

_named_keys := {
	"kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount",
	"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths",
}

_value(v) := _account(v) if {
	v.account
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
