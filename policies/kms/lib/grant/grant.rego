# METADATA
# title: Constraints on CreateGrant
# description: "Which conditions keep a principal from handing the key on."
package kms.lib.grant

import data.kms.lib.access
import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.truth

# METADATA
# description: Whether grants are only for AWS services that act for the caller.
for_aws_resource(statement) := truth.any_of({_for_aws_resource(c) | some c in statement.conditions})

# METADATA
# description: "Whether the grants that a statement lets a principal make are constrained, by its conditions or by a Deny."
constrained(key, statement, principal) := truth.any_of(own | imposed) if {
	own := {_constrains(c) | some c in statement.conditions}
	imposed := {_imposes(deny, principal) | some deny in key.policy.statements}
}

_constrains(c) := fence.narrow_values(c) if {
	c.key == "kms:granteeprincipal"
	fence.demands(c, set())
} else := _narrow_operations(c) if {
	c.key == "kms:grantoperations"
	c.operator in {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}
	object.get(c, "set", "ForAllValues") == "ForAllValues"
} else := _for_aws_resource(c)

_for_aws_resource(c) := truth.unknown if {
	c.operator == "Unknown"
} else := fence.reads(c, "true") if {
	c.key == "kms:grantisforawsresource"
	c.operator in {"Bool", "StringEquals", "StringEqualsIgnoreCase"}
	not c.ifExists
} else := truth.no

# A grant that holds CreateGrant goes on to the next.
_narrow_operations(c) := truth.every_of({_narrow_operation(v) | some v in c.values})

_narrow_operation(v) := truth.no if {
	glob.match(lower(v.text), [], "creategrant")
} else := truth.unknown if {
	object.get(v, "unknown", "") == "whole"
} else := truth.yes

# A Deny that refuses the grant wherever a constraint is missing imposes the constraint. Each of its conditions has to
# hold there, so that what any of them lets through is constrained.
_imposes(deny, principal) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	policy.covers(deny, "CreateGrant"),
	access.meant(deny, principal),
} | {_missing(c) | some c in deny.conditions}) if {
	count(deny.conditions) > 0
} else := truth.no

# Whether a condition of a Deny holds where a constraint is missing.
_missing(c) := truth.unknown if {
	c.operator == "Unknown"
} else := fence.reads(c, _lacking[c.operator]) if {
	c.key == "kms:grantisforawsresource"
} else := fence.exempts_narrowly(c) if {
	c.key == "kms:granteeprincipal"
} else := _narrow_operations(c) if {
	c.key == "kms:grantoperations"
	c.operator in {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"}
	object.get(c, "set", "ForAnyValue") == "ForAnyValue"
} else := truth.no

# By operator, what `kms:GrantIsForAWSResource` is compared with where the grant is not for a service.
_lacking := {
	"Bool": "false",
	"StringEquals": "false",
	"StringNotEquals": "true",
	"StringNotLike": "true",
	"Null": "true",
}
