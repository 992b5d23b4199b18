# METADATA
# title: Whom the organisation trusts
# description: "The accounts and organisations that configuration names; several rules share the list."
# custom:
#   settings:
#     accounts:
#       type: array
#       items: {type: string, pattern: "^[0-9]{12}$"}
#       default: []
#       description: Ids of accounts that may be given access
#     organizations:
#       type: array
#       items: {type: string, pattern: "^o-[a-z0-9]{10,32}$"}
#       default: []
#       description: Ids of organisations whose accounts may be given access
package kms.lib.trust

import data.kms.lib.settings

about := rego.metadata.chain()[1].annotations

_trust := settings.of("trust", about)

accounts := {account | some account in _trust.accounts}

organizations := {organization | some organization in _trust.organizations}

# METADATA
# description: Whether a trust list is configured at all.
configured if count(accounts | organizations) > 0
