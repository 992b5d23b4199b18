package kms.lib.grants

import data.kms.lib.access
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.scope
import data.kms.lib.truth

# METADATA
# description: Returns the truth of a statement allowing grants only for AWS services that act for the caller.
are_for_aws_resources(statement) := truth.any_of({_is_for_aws_resource(c) | some c in statement.conditions})

# METADATA
# description: "Returns the truth of the grants that a statement lets a principal create being constrained, by its conditions or by a Deny."
are_constrained(key, statement, principal) := truth.any_of(own | imposed) if {
	own := {_constrains(c) | some c in statement.conditions}
	imposed := {_imposes_constraint(deny, principal) | some deny in key.policy.statements}
}

_constrains(c) := scope.has_narrow_values(c) if {
	c.key == "kms:granteeprincipal"
	scope.requires_key(c, set())
} else := _excludes_create_grant(c) if {
	c.key == "kms:grantoperations"
	c.operator in {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}
	object.get(c, "set", "ForAllValues") == "ForAllValues"
} else := _is_for_aws_resource(c)

_is_for_aws_resource(c) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := scope.has_only_value(c, "true") if {
	c.key == "kms:grantisforawsresource"
	c.operator in {"Bool", "StringEquals", "StringEqualsIgnoreCase"}
	not c.ifExists
} else := truth.no

# A grant that includes CreateGrant can be passed on without end.
_excludes_create_grant(c) := truth.every_of({_is_other_operation(v) | some v in c.values})

_is_other_operation(v) := truth.no if {
	glob.match(lower(v.text), [], "creategrant")
} else := truth.unknown(causes.condition_value(v)) if {
	object.get(v, "unknown", "") == "whole"
} else := truth.yes

# A Deny of all grants that lack a constraint imposes the constraint. Every condition of the Deny has to hold for such a
# grant, so that a grant for which one of them is false is constrained.
_imposes_constraint(deny, principal) := truth.every_of({
	policy.has_effect(deny, "Deny"),
	policy.covers(deny, "CreateGrant"),
	access.covers_principal(deny, principal),
} | {_holds_without_constraint(c) | some c in deny.conditions}) if {
	count(deny.conditions) > 0
} else := truth.no

_holds_without_constraint(c) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := scope.has_only_value(c, _value_without_constraint[c.operator]) if {
	c.key == "kms:grantisforawsresource"
} else := scope.exempts_narrowly(c) if {
	c.key == "kms:granteeprincipal"
} else := _excludes_create_grant(c) if {
	c.key == "kms:grantoperations"
	c.operator in {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"}
	object.get(c, "set", "ForAnyValue") == "ForAnyValue"
} else := truth.no

# By operator, the value of `kms:GrantIsForAWSResource` in a condition that holds for grants which are not for a service.
_value_without_constraint := {
	"Bool": "false",
	"StringEquals": "false",
	"StringNotEquals": "true",
	"StringNotLike": "true",
	"Null": "true",
}
