# METADATA
# title: Grants
# description: "What grants allow, for whom and with which kind of key."
package kms.lib.grants

import data.kms.facts
import data.kms.lib.causes
import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: Returns the known operations of a grant.
operations(grant) := {op | some op in _operations(grant); is_string(op)}

# METADATA
# description: Holds if a grant has unknown operations.
has_unknown_operations(grant) if count(unknown_operations(grant)) > 0

# METADATA
# description: Returns why operations of a grant are unknown; an empty set if all are known.
unknown_operations(grant) := {value.cause(grant.operations)} if {
	value.is_unknown(grant.operations)
} else := {value.cause(op) | some op in grant.operations; value.is_unknown(op)}

_operations(grant) := [] if {
	value.is_unknown(grant.operations)
} else := grant.operations

# METADATA
# description: Returns the truth of a grant allowing one of some operations.
gives_any_of(grant, wanted) := truth.yes if {
	count(operations(grant) & wanted) > 0
} else := truth.unknown(unknown_operations(grant)) if {
	has_unknown_operations(grant)
} else := truth.no

# METADATA
# description: Returns the truth of a grant allowing more than some operations.
gives_more_than(grant, limit) := truth.yes if {
	count(operations(grant) - limit) > 0
} else := truth.unknown(unknown_operations(grant)) if {
	has_unknown_operations(grant)
} else := truth.no

# METADATA
# description: Returns the truth of an encryption context constraining a grant. A constraint without pairs has no effect.
has_context_constraint(grant) := truth.any_of({_has_pairs(context) | some context in grant.constraints})

_has_pairs(context) := truth.unknown({value.cause(context)}) if {
	value.is_unknown(context)
} else := truth.from(count(context) > 0)

# METADATA
# description: "Returns the truth of a principal of a grant being in another account than the owner of the key. Services and malformed principals are not."
is_external(grant, principal) := truth.no if {
	not principal.kind in {"root", "user", "role", "assumed-role", "federated-user", "iam", "unknown"}
} else := truth.unknown(causes.account(principal)) if {
	principal.relation == "unknown"
} else := truth.from(principal.relation == "external") if {
	principal.relation
} else := truth.yes if {
	_differences(grant, principal) == {truth.yes}
} else := truth.no if {
	_differences(grant, principal) == {truth.no}
} else := truth.unknown(found) if {
	found := truth.causes(_differences(grant, principal))
	count(found) > 0
} else := truth.unknown(causes.reference(grant.key))

_differences(grant, principal) := {_is_other_account(owner, principal) | some owner in _owners(grant)}

_is_other_account(owner, principal) := truth.no if {
	principal.account in {owner, "self"}
} else := truth.yes if {
	is_string(owner)
	is_string(principal.account)
} else := truth.unknown(causes.owner(owner)) if {
	is_string(principal.account)
} else := truth.unknown(causes.account(principal))

# The owner of a key outside the input is the account in its ARN.
_owners(grant) := {key.owner | some key in _keys(grant.key)} if {
	count(grant.key.keys) > 0
} else := {account |
	is_string(grant.key.text)
	some parts in regex.find_all_string_submatch_n(`^arn:[^:]+:kms:[^:]+:([0-9]{12}):key/`, grant.key.text, -1)
	account := parts[1]
}

_keys(reference) := [key | some key in input.keys; key.id in reference.keys]

# METADATA
# description: "Returns the truth of a principal being an AWS service or a service-linked role."
is_service(principal) := truth.yes if {
	principal.kind == "service"
} else := is_service_linked_role(principal)

# METADATA
# description: "Returns the truth of a principal being a service-linked role. Only AWS can create a role with its path."
is_service_linked_role(principal) := truth.yes if {
	some part in [":role/aws-service-role/", "aws_iam_service_linked_role."]
	contains(principal.text, part)
	regex.match(`:role/aws-service-role/|⟨(.*\.)?aws_iam_service_linked_role\.`, principal.text)
} else := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.no

# METADATA
# description: "Returns the kinds, each a spec and a usage, that the key of a grant may have. The set is empty if the properties of the key fit no kind. A key outside the input may have any."
kinds(grant) := {kind | some key in _keys(grant.key); some kind in _kinds_of(key)} if {
	count(grant.key.keys) > 0
} else := _all_kinds

# A replica has the kind of its primary.
_kinds_of(key) := {kind | some primary in _keys(key.primary); some kind in _kinds_with(primary.properties)} if {
	count(key.primary.keys) > 0
} else := _kinds_with(object.get(key, "properties", {}))

_kinds_with(properties) := {[spec, usage] |
	some spec in _specs(properties)
	some usage in facts.spec_usages[spec]
	_may_be(properties, "usage", usage)
}

_specs(properties) := [properties.spec] if {
	is_string(properties.spec)
} else := [spec |
	some spec, _ in facts.spec_usages
	_may_be(properties, "spec", spec)
]

_all_kinds := {[spec, usage] | some spec, usages in facts.spec_usages; some usage in usages}

_may_be(properties, field, _) if not properties[field]

_may_be(properties, field, wanted) if value.is(properties[field], wanted) != truth.no

# METADATA
# description: "Returns why the kind of the key of a grant is unknown."
unknown_kinds(grant) := found if {
	found := {value.cause(content) |
		some key in _keys(grant.key)
		some one in array.concat([key], _keys(object.get(key, "primary", {"keys": []})))
		some field in ["spec", "usage"]
		content := one.properties[field]
		value.is_unknown(content)
	}
	count(found) > 0
} else := causes.reference(grant.key)

# METADATA
# description: Returns the operations that a grant can allow with a key of some kind.
operations_of_kind(kind) := _common | facts.operations.SYMMETRIC if {
	symmetric(kind)
} else := _common | facts.operations[kind[1]]

_common := facts.operations.any

# METADATA
# description: "Holds for the kind of symmetric encryption keys, which take an encryption context."
symmetric(kind) if kind[0] == "SYMMETRIC_DEFAULT"

# METADATA
# description: Returns the kinds of key that support all known operations of a grant.
fitting_kinds(grant) := {kind | some kind in kinds(grant); count(operations(grant) - operations_of_kind(kind)) == 0}
