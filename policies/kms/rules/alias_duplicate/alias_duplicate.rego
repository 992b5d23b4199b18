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
	some i, others in _clashing[truth.yes]
	alias := input.aliases[i]
	message := $"The alias name {_text(alias.name)} is taken by {result.some_of(others)}."
}

unknown contains result.at_field(alias, "name", message) if {
	some i, others in _clashing[truth.unknown]
	alias := input.aliases[i]
	message := $"The alias name {_text(alias.name)} may be taken by {result.some_of(others)}."
}

# By whether they are in one account and Region: aliases, with the earlier ones of the same name.
_clashing[same][i] contains other.resource if {
	some group in _named
	count(group) > 1
	some i in group
	some j in group
	alias := input.aliases[i]
	other := input.aliases[j]
	_place(other) < _place(alias)
	same := _clash(alias, other)
	same != truth.no
}

_named[name] contains i if {
	some i, alias in input.aliases
	not alias.prefix
	name := _name(alias)
}

_name(alias) := alias.name if is_string(alias.name)

# In one template parts that are not known are the same where they are written alike.
_name(alias) := [alias.scope, alias.name.text] if {
	is_array(alias.name.knownParts)
	startswith(alias.type, "AWS::")
}

# So are they in one module of Terraform's source, unless they are of an instance.
_name(alias) := [alias.scope, module, alias.name.text] if {
	contains(alias.name.text, "⟨")
	not startswith(alias.type, "AWS::")
	not regex.match(`⟨[^⟩]*(\[|\b(each|count)\.)`, alias.name.text)
	module := split(alias.resource, alias.type)[0]
}

_text(name) := name if is_string(name)

_text(name) := name.text if is_object(name)

_place(alias) := [at.file, at.line, at.column, alias.resource] if {
	at := alias.location
}

_clash(alias, other) := truth.every_of({_region(alias, other), _together(alias, other)}) if {
	alias.scope == other.scope
} else := truth.yes if {
	is_string(alias.region)
	alias.region == other.region
	_owner(alias) == _owner(other)
	not _one(alias, other)
} else := truth.no

# An unknown Region is one and the same where it comes from the same place, but not where each instance has its own.
_region(alias, other) := truth.yes if {
	alias.region == other.region
	not alias.region.unknown.reason == "known only after apply"
} else := truth.unknown if {
	some region in [alias.region, other.region]
	value.is_unknown(region)
} else := truth.no

# Variants for different choices are not there together. One that is there for some choices only may be meant instead
# of the other.
_together(alias, other) := truth.yes if {
	_when(alias) == _when(other)
} else := truth.no if {
	count(_when(alias)) > 0
	count(_when(other)) > 0
} else := truth.unknown if {
	some one in [alias, other]
	one.variant.total == 1
} else := truth.yes if {
	count(_when(other)) == 0
} else := truth.yes if {
	_in_all_variants(other)
} else := truth.unknown

_when(alias) := {choice | some choice in object.get(alias, ["variant", "assumptions"], [])}

_in_all_variants(alias) if {
	same := {one.id |
		some one in input.aliases
		one.resource == alias.resource
		one.location.file == alias.location.file
		one.name == alias.name
	}
	count(same) == alias.variant.total
}

# The account that is known to own an alias is the one of its key.
_owner(alias) := owner if {
	owners := {owner | some id in alias.target.keys; some owner in _owners_by_key[id]}
	count(owners) == 1
	some owner in owners
	count(owner) == 12
	trim(owner, "0123456789") == ""
}

_owners_by_key[key.id] contains key.owner if some key in input.keys

_one(alias, other) if {
	alias.resource == other.resource
	alias.type == other.type
}
