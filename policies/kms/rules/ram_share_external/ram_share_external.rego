# METADATA
# title: A key shared outside the organisation
# description: "What a share of Resource Access Manager gives stands in a policy of its own beside the key policy, where nobody looks for it."
# related_resources:
# - https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
# custom:
#   level: error
#   category: access
#   formats: [cloudformation, plan]
#   remediation: Allow no external principals, and name accounts or organisations that are trusted.
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
#   A share that lists a KMS key and allows external principals, which is AWS's default, or that names an account or
#   organisation outside the trust list. It is unknown where that is not known.
# custom:
#   exceptions:
#   - Shares without a key.
#   - Without a trust list the accounts that a share names are not judged.
#   when_not: Keys are shared with customers on purpose.
fail contains result.at_field(share, "allowExternalPrincipals", "The resource share includes a KMS key and allows principals outside the organization.") if {
	some share in input.shares
	truth.every_of({value.is(share.allowExternalPrincipals, true), _lists_key(share)}) == truth.yes
}

fail contains result.at(share, principal.location, message) if {
	some [share, principal] in _named
	truth.every_of({_untrusted(share, principal), _lists_key(share)}) == truth.yes
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
	some [share, principal] in _named
	question := "the resource share of a KMS key names a principal that the configured trust list does not include"
	message := result.cannot_tell(question, _untrusted(share, principal))
}

# What is listed may be a resource of another kind where only a reference is known.
_lists_key(share) := truth.yes if {
	some reference in share.keys
	_is_key(reference)
} else := truth.unknown(_unknown_keys(share))

_unknown_keys(share) := union({causes.reference(reference) | some reference in share.keys}) if {
	count(share.keys) > 0
} else := {"the resources of the share are unknown"}

_is_key(reference) if count(reference.keys) > 0

_is_key(reference) if targets.region(reference)

_named := [[share, principal] |
	trust.configured
	some share in input.shares
	some principal in share.principals
]

_untrusted(share, principal) := truth.no if {
	_of_owner(share, principal)
} else := _missing(principal.account, trust.accounts) if {
	is_string(principal.account)
} else := truth.unknown({value.cause(principal.text)}) if {
	value.is_unknown(principal.text)
} else := truth.no if {
	# A service is of no account.
	endswith(principal.text, ".amazonaws.com")
} else := _missing(_organization(principal.text), trust.organizations)

_missing(name, trusted) := truth.negate(truth.from(name in trusted))

_organization(text) := split(text, "/")[1] if {
	contains(text, ":organizations:")
} else := text

_of_owner(_, principal) if principal.account == "self"

_of_owner(share, principal) if {
	is_string(principal.account)
	some reference in share.keys
	some key in input.keys
	key.id in reference.keys
	key.owner == principal.account
}
