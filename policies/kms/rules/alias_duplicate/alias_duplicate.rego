# METADATA
# title: Duplicate alias name
# description: "An alias name is unique in an account and Region. AWS KMS refuses to create the second alias, and the deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
# custom:
#   level: error
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Remove one of the aliases, or give each alias a different name.
#   snippets:
#     cloudformation: |
#       OrdersAlias:
#         Type: AWS::KMS::Alias
#         Properties:
#           AliasName: alias/orders
#           TargetKeyId: !Ref OrdersKey
#       RefundsAlias:
#         Type: AWS::KMS::Alias
#         Properties:
#           AliasName: alias/refunds
#           TargetKeyId: !Ref RefundsKey
#     terraform: |
#       resource "aws_kms_alias" "orders" {
#         name          = "alias/orders"
#         target_key_id = aws_kms_key.orders.key_id
#       }
#
#       resource "aws_kms_alias" "refunds" {
#         name          = "alias/refunds"
#         target_key_id = aws_kms_key.refunds.key_id
#       }
#     kubernetes: |
#       apiVersion: kms.services.k8s.aws/v1alpha1
#       kind: Alias
#       metadata:
#         name: orders
#       spec:
#         name: alias/orders
#         targetKeyRef:
#           from:
#             name: orders
#       ---
#       apiVersion: kms.services.k8s.aws/v1alpha1
#       kind: Alias
#       metadata:
#         name: refunds
#       spec:
#         name: alias/refunds
#         targetKeyRef:
#           from:
#             name: refunds
package kms.rules.alias_duplicate

import data.kms.lib.causes
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an alias has the same name as an earlier alias in the same account and Region. The finding points to
#   the later one. Aliases in one module or stack belong to one account; aliases in different modules or stacks are
#   compared only when their keys have the same known owner. The verdict is unknown when it depends on an unknown
#   Region or condition.
# custom:
#   exceptions:
#   - '`name_prefix`, because the provider appends a unique suffix.'
#   - One resource that is described in several files.
#   - Names with unknown parts, unless they are written identically in one template.
#   when_not: Turn this rule off if one run checks several inputs that are never deployed together.
fail contains result.at_field(alias, "name", message) if {
	some i, others in _taken
	alias := input.aliases[i]
	aliases := result.short_list({alias.resource} | others)
	message := $"More than one alias in {_region_name(alias)} has the name {_name_text(alias.name)}: {aliases}. AWS KMS requires unique alias names in an account and Region."
}

unknown contains result.at_field(alias, "name", message) if {
	some i, clashes in _possibly_taken
	alias := input.aliases[i]
	others := {resource | some [resource, _] in clashes}
	verdict := truth.any_of({same | some [_, same] in clashes})
	truth.is_unknown(verdict)
	question := $"the alias name {_name_text(alias.name)} conflicts with the name of {result.short_list(others)}"
	message := result.cannot_tell(question, verdict)
}

# By alias: the earlier aliases of the same name in the same account and Region.
_taken[i] contains resource if some [i, resource, "yes"] in _clashes

_possibly_taken[i] contains [resource, same] if {
	some [i, resource, same] in _clashes
	truth.is_unknown(same)
}

_clashes := [[i, other.resource, same] |
	some group in _by_name
	count(group) > 1
	some i in group
	some j in group
	alias := input.aliases[i]
	other := input.aliases[j]
	_position(other) < _position(alias)
	same := _clashes_with(alias, other)
	same != truth.no
]

_by_name[name] contains i if {
	some i, alias in input.aliases
	not alias.prefix
	name := _name(alias)
}

_name(alias) := alias.name if is_string(alias.name)

# In one template, unknown parts with the same expression have the same value.
_name(alias) := [alias.scope, alias.name.text] if {
	is_array(alias.name.knownParts)
	startswith(alias.type, "AWS::")
}

# This also holds in one module of Terraform source, unless the expression depends on the instance.
_name(alias) := [alias.scope, module, alias.name.text] if {
	contains(alias.name.text, "⟨")
	not startswith(alias.type, "AWS::")
	not regex.match(`⟨[^⟩]*(\[|\b(each|count)\.)`, alias.name.text)
	module := split(alias.resource, alias.type)[0]
}

_name_text(name) := name if is_string(name)

_name_text(name) := name.text if is_object(name)

_region_name(alias) := alias.region if {
	is_string(alias.region)
} else := "the same Region"

_position(alias) := [at.file, at.line, at.column, alias.resource] if {
	at := alias.location
}

_clashes_with(alias, other) := truth.every_of({_is_same_region(alias, other), _can_coexist(alias, other)}) if {
	alias.scope == other.scope
} else := truth.yes if {
	is_string(alias.region)
	alias.region == other.region
	_account(alias) == _account(other)
	not _is_same_resource(alias, other)
} else := truth.no

# Two unknown Regions with one expression are the same, unless each instance has its own.
_is_same_region(alias, other) := truth.yes if {
	alias.region == other.region
	not alias.region.unknown.reason == "known only after apply"
} else := truth.unknown(unknown) if {
	unknown := {value.cause(region) | some region in [alias.region, other.region]; value.is_unknown(region)}
	count(unknown) > 0
} else := truth.no

# Variants for different choices never exist together. An alias that exists only for some choices may replace the other.
_can_coexist(alias, other) := truth.yes if {
	_choices(alias) == _choices(other)
} else := truth.no if {
	count(_choices(alias)) > 0
	count(_choices(other)) > 0
} else := _depends_on(alias, other) if {
	some one in [alias, other]
	one.variant.total == 1
} else := truth.yes if {
	count(_choices(other)) == 0
} else := truth.yes if {
	_in_all_variants(other)
} else := _depends_on(alias, other)

_depends_on(alias, other) := truth.unknown(union({causes.clause($"whether {choice} is unknown") |
	some choice in (_choices(alias) | _choices(other))
}))

_choices(alias) := {choice | some choice in object.get(alias, ["variant", "assumptions"], [])}

_in_all_variants(alias) if {
	same := {one.id |
		some one in input.aliases
		one.resource == alias.resource
		one.location.file == alias.location.file
		one.name == alias.name
	}
	count(same) == alias.variant.total
}

# An alias belongs to the account of its key.
_account(alias) := owner if {
	owners := {owner | some id in alias.target.keys; some owner in _owners_by_key[id]}
	count(owners) == 1
	some owner in owners
	count(owner) == 12
	trim(owner, "0123456789") == ""
}

_owners_by_key[key.id] contains key.owner if some key in input.keys

_is_same_resource(alias, other) if {
	alias.resource == other.resource
	alias.type == other.type
}
