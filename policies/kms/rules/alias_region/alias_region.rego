# METADATA
# title: Alias and key in different Regions or accounts
# description: "An alias can only point to a key in its own account and Region. AWS KMS rejects any other target, and the deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Create the alias in the account and Region of its key. For a multi-Region key, create an alias in each
#     Region for the related key in that Region.
#   snippets:
#     cloudformation: |
#       Alias:
#         Type: AWS::KMS::Alias
#         Properties:
#           AliasName: alias/orders
#           TargetKeyId: !Ref ReplicaKey
#     terraform: |
#       resource "aws_kms_alias" "orders_replica" {
#         provider      = aws.replica
#         name          = "alias/orders"
#         target_key_id = aws_kms_replica_key.orders.key_id
#       }
#     kubernetes: |
#       metadata:
#         annotations:
#           services.k8s.aws/region: eu-central-1   # the Region of the key
package kms.rules.alias_region

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.targets
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an alias is in another Region or account than its target key. The verdict is unknown when the target
#   is unknown, or when the two Regions are set in different places and one of them is unknown.
# custom:
#   exceptions:
#   - A target given by the ID of a key outside the input, because AWS KMS looks the ID up in the Region of the alias.
#   - An alias and a key in the same template.
#   when_not: Never. AWS KMS rejects such aliases.
fail contains result.at_field(alias, "target", message) if {
	some [alias, elsewhere] in _aliases
	elsewhere == truth.yes
	message := $"The alias is in {alias.region}, but its key is in {_names(alias)}; both must be in the same Region."
}

fail contains result.at_field(alias, "target", message) if {
	some [alias, elsewhere] in _aliases
	elsewhere != truth.yes
	account := _foreign_account(alias)
	message := $"The key of the alias is in account {account}, but the alias is in another account; both must be in the same account."
}

unknown contains result.at_field(alias, "target", message) if {
	some [alias, elsewhere] in _aliases
	message := result.cannot_tell("the alias is in the same Region as its key", elsewhere)
}

_aliases := [[alias, _is_in_other_region(alias)] | some alias in input.aliases]

# The truth of the key being in another Region. alias_target covers targets that are not keys.
_is_in_other_region(alias) := truth.no if {
	targets.mismatch(alias)
} else := truth.unknown(targets.causes(alias.target)) if {
	targets.is_unknown(alias.target)
} else := truth.unknown(truth.causes(_differences(alias)) | _ambiguity(alias)) if {
	_differences(alias)[truth.yes]
	count(_differences(alias)) > 1
} else := truth.any_of(_differences(alias))

# The alias may refer to one of several keys.
_ambiguity(alias) := causes.clause($"the alias is in {alias.region} and its key is in {_names(alias)}") if {
	is_string(alias.region)
	every region in _regions(alias) {
		is_string(region)
	}
} else := set()

_differences(alias) := {_is_other_region(alias.region, region) | some region in _regions(alias)}

_is_other_region(one, other) := truth.no if {
	one == other
} else := truth.unknown(unknown) if {
	unknown := {value.cause(region) | some region in [one, other]; value.is_unknown(region)}
	count(unknown) > 0
} else := truth.yes

# The Region in the ARN, or of each key that the target may be. The ID of a key outside the input does not contain one.
_regions(alias) := {_region_of(place.region, alias)} if {
	place := targets.arn_location(alias.target)
} else := {region | some id in alias.target.keys; some region in _regions_by_key[id]}

# An unknown part of an ARN is the Region of the alias if both have the same expression.
_region_of(part, alias) := alias.region if {
	part == $"⟨{alias.region.unknown.expression}⟩"
} else := {"unknown": {"reason": "part of the target", "expression": trim(part, "⟨⟩")}} if {
	contains(part, "⟨")
} else := part

_names(alias) := concat(" or ", _regions(alias))

# The account of the key, if all keys in the scope of the alias are known to be in other accounts.
_foreign_account(alias) := account if {
	not targets.mismatch(alias)
	count(_accounts(alias)) == 1
	some account in _accounts(alias)
	_is_id(account)
	owners := {key.owner | some key in input.keys; key.scope == alias.scope}
	count(owners) > 0
	every owner in owners {
		_is_id(owner)
		owner != account
	}
}

_is_id(account) if {
	count(account) == 12
	trim(account, "0123456789") == ""
}

_accounts(alias) := {place.account} if {
	place := targets.arn_location(alias.target)
} else := {owner | some id in alias.target.keys; some owner in _owners_by_key[id]}

_regions_by_key[key.id] contains key.region if some key in input.keys

_owners_by_key[key.id] contains key.owner if some key in input.keys
