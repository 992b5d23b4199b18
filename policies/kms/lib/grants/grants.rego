# METADATA
# title: Grants
# description: "What grants give, to whom and on which kind of key."
package kms.lib.grants

import data.kms.facts
import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: The operations of a grant that are known.
operations(grant) := {op | some op in _operations(grant); is_string(op)}

# METADATA
# description: Whether a grant has operations that are not known.
open(grant) if value.is_unknown(grant.operations)

open(grant) if {
	some op in _operations(grant)
	value.is_unknown(op)
}

_operations(grant) := [] if {
	value.is_unknown(grant.operations)
} else := grant.operations

# METADATA
# description: Whether a grant gives one of some operations.
gives(grant, wanted) := truth.yes if {
	count(operations(grant) & wanted) > 0
} else := truth.unknown if {
	open(grant)
} else := truth.no

# METADATA
# description: Whether a grant gives more than some operations.
gives_more(grant, than) := truth.yes if {
	count(operations(grant) - than) > 0
} else := truth.unknown if {
	open(grant)
} else := truth.no

# METADATA
# description: Whether a grant is constrained by an encryption context. One without pairs constrains nothing.
constrained(grant) := truth.any_of({_constrains(context) | some context in grant.constraints})

_constrains(context) := truth.unknown if {
	value.is_unknown(context)
} else := truth.from(count(context) > 0)

# METADATA
# description: "Whether a principal of a grant is of another account than the key's owner. A service, and what is no principal, is not."
is_external(grant, principal) := truth.no if {
	not principal.kind in {"root", "user", "role", "assumed-role", "federated-user", "iam", "unknown"}
} else := _relations[principal.relation] if {
	principal.relation
} else := min(_apart(grant, principal)) if {
	count(_apart(grant, principal)) == 1
} else := truth.unknown

_relations := {"owner": truth.no, "external": truth.yes, "unknown": truth.unknown}

_apart(grant, principal) := {_is_another(owner, principal) | some owner in _owners(grant)}

_is_another(owner, principal) := truth.no if {
	principal.account in {owner, "self"}
} else := truth.yes if {
	is_string(owner)
	is_string(principal.account)
} else := truth.unknown

# A key outside of the input is its ARN's account's.
_owners(grant) := {key.owner | some key in _keys(grant.key)} if {
	count(grant.key.keys) > 0
} else := {account |
	is_string(grant.key.text)
	some parts in regex.find_all_string_submatch_n(`^arn:[^:]+:kms:[^:]+:([0-9]{12}):key/`, grant.key.text, -1)
	account := parts[1]
}

_keys(reference) := [key | some key in input.keys; key.id in reference.keys]

# METADATA
# description: "Whether a principal is an AWS service, or the role that AWS made for one."
is_service(principal) := truth.yes if {
	principal.kind == "service"
} else := truth.yes if {
	some part in [":role/aws-service-role/", "aws_iam_service_linked_role."]
	contains(principal.text, part)
	regex.match(`:role/aws-service-role/|⟨(.*\.)?aws_iam_service_linked_role\.`, principal.text)
} else := truth.unknown if {
	principal.kind == "unknown"
} else := truth.no

# METADATA
# description: "The kinds of key, each a spec and a usage, of which the grant's key may be. None where its settings fit no kind. A key outside of the input may be of any."
kinds(grant) := {kind | some key in _keys(grant.key); some kind in _kinds_of(key)} if {
	count(grant.key.keys) > 0
} else := _all_kinds

# A replica is of its primary's kind.
_kinds_of(key) := {kind | some primary in _keys(key.primary); some kind in _with(primary.properties)} if {
	count(key.primary.keys) > 0
} else := _with(object.get(key, "properties", {}))

_with(properties) := {[spec, usage] |
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
# description: What a key of a kind can do by a grant.
abilities(kind) := _common | facts.operations.SYMMETRIC if {
	symmetric(kind)
} else := _common | facts.operations[kind[1]]

_common := facts.operations.any

# METADATA
# description: Whether a kind is that of the keys that encrypt with one and the same key, and under a context.
symmetric(kind) if kind[0] == "SYMMETRIC_DEFAULT"

# METADATA
# description: The kinds of key that can do all that is known of the grant.
fitting(grant) := {kind | some kind in kinds(grant); count(operations(grant) - abilities(kind)) == 0}
