# METADATA
# title: Resource share exposes a key outside the organization
# description: "An AWS RAM resource share grants access through a separate policy. A review of the key policy does not show that access."
# related_resources:
# - https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
# custom:
#   level: error
#   category: access
#   formats: [cloudformation, plan]
#   remediation: |
#     Do not allow external principals, and share only with trusted accounts or organizations. First check which
#     accounts use the share.
#   snippets:
#     cloudformation: |
#       AllowExternalPrincipals: false
#     terraform: |
#       allow_external_principals = false
package kms.rules.ram_share_external

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.trust
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a resource share contains a KMS key and allows external principals, which is the AWS default. Also
#   fails when the share names an account or organization outside the trust list. The verdict is unknown when these
#   values are unknown.
# custom:
#   exceptions:
#   - Resource shares without a key.
#   - Accounts that a share names, if no trust list is configured.
#   when_not: Turn this rule off if you share keys with customers on purpose.
fail contains result.at_field(share, "allowExternalPrincipals", "The resource share includes a KMS key and allows principals outside the organization.") if {
	some share in input.shares
	truth.every_of({value.is(share.allowExternalPrincipals, true), _lists_key(share)}) == truth.yes
}

fail contains result.at(share, principal.location, message) if {
	some [share, principal] in _principals
	truth.every_of({_is_untrusted(share, principal), _lists_key(share)}) == truth.yes
	message := $"The resource share includes a KMS key and names {principal.text}, which the configured trust list does not include."
}

unknown contains result.at_field(share, "allowExternalPrincipals", message) if {
	some share in input.shares
	question := "the resource share of a KMS key allows principals outside the organization"
	message := result.cannot_tell(question, value.is(share.allowExternalPrincipals, true))
}

unknown contains result.at(share, share.location, message) if {
	some share in input.shares
	value.is(share.allowExternalPrincipals, true) == truth.yes
	question := "the resource share, which allows principals outside the organization, includes a KMS key"
	message := result.cannot_tell(question, _lists_key(share))
}

unknown contains result.at(share, principal.location, message) if {
	some [share, principal] in _principals
	question := "the resource share of a KMS key names a principal that the configured trust list does not include"
	message := result.cannot_tell(question, _is_untrusted(share, principal))
}

# If only a reference is known, the share may list a resource of another type.
_lists_key(share) := truth.yes if {
	some reference in share.keys
	_is_key(reference)
} else := truth.unknown(_unknown_keys(share))

_unknown_keys(share) := union({causes.reference(reference) | some reference in share.keys}) if {
	count(share.keys) > 0
} else := causes.clause("the resources of the share are unknown")

_is_key(reference) if count(reference.keys) > 0

_is_key(reference) if targets.region(reference)

_principals := [[share, principal] |
	trust.configured
	some share in input.shares
	some principal in share.principals
]

_is_untrusted(share, principal) := truth.no if {
	_is_owner(share, principal)
} else := _is_missing(principal.account, trust.accounts) if {
	is_string(principal.account)
} else := truth.unknown({value.cause(principal.text)}) if {
	value.is_unknown(principal.text)
} else := truth.no if {
	# A service does not belong to an account.
	endswith(principal.text, ".amazonaws.com")
} else := _is_missing(_organization(principal.text), trust.organizations)

_is_missing(name, trusted) := truth.negate(truth.from(name in trusted))

_organization(text) := split(text, "/")[1] if {
	contains(text, ":organizations:")
} else := text

_is_owner(_, principal) if principal.account == "self"

_is_owner(share, principal) if {
	is_string(principal.account)
	some reference in share.keys
	some key in input.keys
	key.id in reference.keys
	key.owner == principal.account
}
