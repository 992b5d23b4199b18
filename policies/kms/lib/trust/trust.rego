# METADATA
# title: Trusted accounts and organizations
# description: "The accounts and organizations in the config. Several rules share the list."
# custom:
#   settings:
#     accounts:
#       type: array
#       items: {type: string, pattern: "^[0-9]{12}$"}
#       default: []
#       description: IDs of accounts that may have access
#     organizations:
#       type: array
#       items: {type: string, pattern: "^o-[a-z0-9]{10,32}$"}
#       default: []
#       description: IDs of organizations whose accounts may have access
package kms.lib.trust

import data.kms.lib.settings

about := rego.metadata.chain()[1].annotations

_trust := settings.of("trust", about)

accounts := {account | some account in _trust.accounts}

organizations := {organization | some organization in _trust.organizations}

# METADATA
# description: Holds if a trust list is configured.
configured if count(accounts | organizations) > 0
