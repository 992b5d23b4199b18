# METADATA
# title: Grant for a wildcard or for another account's root
# description: "A grant names one principal, and AWS KMS rejects a wildcard. If the principal is the root of another account, that account decides which of its principals use or retire the grant."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html
# custom:
#   level: error
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: Name the role or user that needs the grant. Create a separate grant for each principal.
#   snippets:
#     terraform: |
#       grantee_principal = "arn:aws:iam::444455556666:role/report-reader"
#     kubernetes: |
#       spec:
#         granteePrincipal: arn:aws:iam::444455556666:role/report-reader
package kms.rules.grant_wildcard_principal

import data.kms.lib.causes
import data.kms.lib.grants
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a grantee or retiring principal contains a wildcard or is the root of another account. The verdict is
#   unknown when the whole principal is unknown, or when it is a root whose account is unknown.
# custom:
#   exceptions:
#   - The root of the key's own account.
#   - Roles, users and services in any account.
#   when_not: Turn this rule off if the other account chooses on purpose which of its principals use the grant.
fail contains result.at(grant, principal.location, message) if {
	some [grant, role, principal] in _principals
	_has_wildcard(principal)
	message := $"The {role} of the grant is {principal.text}, which contains a wildcard; AWS KMS requires exactly one principal."
}

fail contains result.at(grant, principal.location, message) if {
	some [grant, role, principal] in _principals
	_is_external_root(grant, principal) == truth.yes
	message := $"The {role} of the grant is the account root principal of {principal.account}; a grant to another account must name one role or user."
}

unknown contains result.at(grant, principal.location, message) if {
	some [grant, role, principal] in _principals
	verdict := _is_external_root(grant, principal)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the {role} {principal.text} is the account root principal of another account", verdict)
}

_principals := array.concat(
	[[grant, "grantee principal", grant.grantee] | some grant in input.grants],
	[[grant, "retiring principal", grant.retiring] | some grant in input.grants; grant.retiring != null],
)

_has_wildcard(principal) if principal.kind == "everyone"

_has_wildcard(principal) if {
	principal.kind == "invalid"
	regex.match(`[*?]`, principal.text)
}

_is_external_root(grant, principal) := grants.is_external(grant, principal) if {
	principal.kind == "root"
	not principal.invalidReason
} else := truth.unknown(causes.principal(principal)) if {
	# Either nothing is known about the principal, or only its account.
	principal.kind in {"unknown", "iam"}
	grants.is_external(grant, principal) != truth.no
} else := truth.no
