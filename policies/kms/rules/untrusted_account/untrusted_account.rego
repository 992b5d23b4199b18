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

import data.kms.lib.access
import data.kms.lib.causes
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
#   condition or a Deny that names it. The verdict is unknown when the account is unknown.
# custom:
#   exceptions:
#   - Every statement, if no trust list is configured, because the rule then does not run.
#   - Principals under a condition that requires a trusted organization.
#   when_not: Turn this rule off if you do not maintain a list of trusted accounts.
fail contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, named, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows access from {_names(principal, named)}, which the configured trust list does not include.{scope.ineffective_restrictions(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	trust.configured
	some [key, statement, principal, named, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	question := $"the configured trust list includes {_names(principal, named)} in {result.statement(statement)}"
	message := result.cannot_tell(question, verdict)
}

_verdicts := [[key, statement, principal, named, verdict] |
	some [key, statement, index, principal] in policy.principals
	reaches := access.any(statement, index, "beyondOwner")
	reaches != truth.no
	named := _named(statement, index, principal)
	verdict := truth.every_of({reaches, truth.negate(truth.every_of({_is_trusted(callers) | some callers in named}))})
]

# The accounts and organizations that conditions restrict a principal to, or its own account.
_named(statement, index, principal) := access.callers(statement, index) if {
	count(access.callers(statement, index)) > 0
} else := [{"accounts": [object.union(principal, {"text": result.principal(principal)})]}]

# Callers have to be in one of the accounts and in one of the organizations, so it is enough if either are trusted.
_is_trusted(callers) := truth.any_of({truth.every_of({_is_trusted_account(account) | some account in callers.accounts}) |
	callers.accounts
} | {truth.every_of({_is_trusted_organization(organization) | some organization in callers.organizations}) |
	callers.organizations
})

_is_trusted_account(named) := truth.no if {
	named.kind == "everyone"
} else := truth.yes if {
	named.relation == "owner"
} else := truth.from(named.account in trust.accounts) if {
	is_string(named.account)
} else := truth.unknown(causes.account(named))

# An organization is an ID or a path, which begins with the ID.
_is_trusted_organization(organization) := truth.unknown({organization}) if {
	contains(split(organization, "/")[0], "⟨")
} else := truth.from(split(organization, "/")[0] in trust.organizations)

_names(principal, named) := concat(", ", sort(names)) if {
	principal.kind == "everyone"
	names := {name | some callers in named; _is_trusted(callers) != truth.yes; some name in _untrusted(callers)}
} else := result.principal(principal)

_untrusted(callers) := {account.text |
	some account in callers.accounts
	_is_trusted_account(account) != truth.yes
} | {organization |
	some organization in callers.organizations
	_is_trusted_organization(organization) != truth.yes
}
