# METADATA
# title: Constraints on CreateGrant
# description: "Which conditions keep a principal from handing the key on."
package kms.lib.grant

import data.kms.lib.fence
import data.kms.lib.truth

# METADATA
# description: Whether grants are only for AWS services that act for the caller.
for_aws_resource(statement) if {
	some c in statement.conditions
	_for_aws_resource(c)
}

# METADATA
# description: "Whether the grants that a statement lets a principal make are constrained, by its conditions or by a Deny."
constrained(key, statement, principal) := truth.any_of({_constrains(c) | some c in statement.conditions} | {_imposed(key, principal)})

_constrains(c) := truth.unknown if {
	c.operator == "Unknown"
} else := truth.yes if {
	_for_aws_resource(c)
} else := fence.narrow_values(c) if {
	c.key == "kms:granteeprincipal"
	fence.demands(c, set())
} else := _narrow_operations(c) if {
	c.key == "kms:grantoperations"
	c.operator in {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}
	object.get(c, "set", "ForAllValues") == "ForAllValues"
} else := truth.no

_for_aws_resource(c) if {
	c.key == "kms:grantisforawsresource"
	c.operator in {"Bool", "StringEquals", "StringEqualsIgnoreCase"}
	not c.ifExists
	count(c.values) > 0
	every v in c.values {
		lower(v.text) == "true"
	}
}

# A grant that holds CreateGrant goes on to the next.
_narrow_operations(c) := truth.every_of({_narrow_operation(v) | some v in c.values})

_narrow_operation(v) := truth.no if {
	v.everything
} else := truth.no if {
	lower(v.text) == "creategrant"
} else := truth.unknown if {
	object.get(v, "unknown", "") == "whole"
} else := truth.yes

# A Deny that refuses the grant wherever a constraint is missing imposes the constraint.
_imposed(key, principal) := truth.yes if {
	some deny in key.policy.statements
	deny.effect == "Deny"
	deny.onKey == "yes"
	not deny.notPrincipal
	"CreateGrant" in deny.covers
	_meant(deny, principal)
	some c in deny.conditions
	_missing(c)
	every condition in deny.conditions {
		_missing(condition)
	}
} else := truth.no

_meant(deny, _) if {
	some q in deny.principals
	q.kind == "everyone"
}

_meant(deny, principal) if {
	some q in deny.principals
	q.kind == principal.kind
	q.text == principal.text
}

# Whether a condition of a Deny holds where a constraint is missing, so that what it lets through meets it.
_missing(c) if {
	c.key == "kms:grantisforawsresource"
	c.operator in {"Bool", "StringEquals"}
	every v in c.values {
		lower(v.text) == "false"
	}
}

_missing(c) if {
	c.key == "kms:grantisforawsresource"
	c.operator in {"StringNotEquals", "StringNotLike"}
	every v in c.values {
		lower(v.text) == "true"
	}
}

_missing(c) if {
	c.key in {"kms:grantisforawsresource", "kms:granteeprincipal", "kms:grantoperations"}
	c.operator == "Null"
	every v in c.values {
		lower(v.text) == "true"
	}
}

_missing(c) if {
	c.key in {"kms:granteeprincipal", "kms:grantoperations"}
	c.operator in {"StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike"}
	every v in c.values {
		not v.everything
	}
}
