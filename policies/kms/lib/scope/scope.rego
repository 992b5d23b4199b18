# METADATA
# title: Conditions that restrict access
# description: "Which conditions of one statement restrict it to fixed values, and why others do not. Who a statement of a key policy reaches is a fact of the document: see `kms.lib.access`."
package kms.lib.scope

import data.kms.lib.causes
import data.kms.lib.truth

# Condition keys that identify the caller.
_caller_keys := {
	"kms:calleraccount",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalorgid",
	"aws:principalorgpaths",
	"aws:userid",
}

# METADATA
# description: Condition keys that identify the resource that a service acts for.
source_keys := {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}

_network_keys := {"aws:sourcevpce", "aws:sourcevpc", "aws:sourceip"}

# METADATA
# description: Condition keys that can restrict access.
keys := (_caller_keys | source_keys) | _network_keys

# METADATA
# description: "Condition keys that every signed request carries, so that IfExists makes no difference."
always_present := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}

_equals := {"StringEquals", "StringEqualsIgnoreCase"}

# ArnEquals compares like ArnLike.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_like := {"StringLike", "ArnLike", "ArnEquals", "IpAddress"}

_not_equals := {"StringNotEquals", "StringNotEqualsIgnoreCase"}

_not_like := {"StringNotLike", "ArnNotLike", "ArnNotEquals", "NotIpAddress"}

# METADATA
# description: "Holds if a condition refuses requests that lack its condition key. Every request carries the condition keys in `present`."
requires_key(condition, present) if {
	condition.operator in (_equals | _like)
	_is_present(condition, present)
}

_is_present(condition, present) if condition.key in present

_is_present(condition, _) if condition.presenceRequired

# IfExists and ForAllValues also match requests that lack the condition key.
_is_present(condition, _) if {
	not condition.ifExists
	object.get(condition, "set", "none") != "ForAllValues"
}

# METADATA
# description: Returns the truth of the values of a condition with a positive operator leaving something out.
has_narrow_values(condition) := truth.no if {
	_compares_with_itself(condition)
} else := truth.yes if {
	condition.operator in _equals
} else := _all_narrow(condition) if {
	condition.operator in _like
} else := truth.no

_compares_with_itself(condition) if {
	some v in condition.values
	v.comparesWithItself
}

_all_narrow(condition) := truth.every_of({_is_narrow(condition.key, v) | some v in condition.values})

_is_narrow(key, v) := truth.no if {
	v.matchesEverything
} else := truth.unknown(causes.condition_value(v)) if {
	object.get(v, "unknown", "") == "whole"
	not _has_known_type(key, v)
} else := truth.yes

# A reference to an attribute of a resource is an ARN or an ID and never a wildcard. Any other reference may be one.
_has_known_type(_, v) if v.account == "self"

_has_known_type(key, v) if {
	v.account
	not key in _account_id_keys
}

_account_id_keys := {"kms:calleraccount", "aws:principalaccount", "aws:sourceaccount"}

# METADATA
# description: "Returns the truth of every value of a condition being one string, compared without case."
has_only_value(condition, string) := truth.every_of({_is_value(v, string) | some v in condition.values}) if {
	count(condition.values) > 0
} else := truth.no

_is_value(v, string) := truth.unknown(causes.condition_value(v)) if {
	v.unknown
} else := truth.from(lower(v.text) == string)

# METADATA
# description: "Holds if a statement can never match a request, so that it has no effect."
never_matches(statement) if {
	some condition in statement.conditions
	_is_impossible(condition)
}

_is_impossible(condition) if {
	count(condition.values) == 0
	not regex.match(`Not|Null`, condition.operator)
	_is_present(condition, always_present)
}

# Under an Equals operator `*` is a literal character, which no account ID, ARN or other identifier contains.
_is_impossible(condition) if {
	condition.operator in _equals
	condition.key in keys
	requires_key(condition, always_present)
	every v in condition.values {
		v.matchesEverything
	}
}

# METADATA
# description: "Returns the sentences that say which conditions of a statement do not restrict access, and why. Empty if there are none; `relevant` are the condition keys that could restrict it, and `lack` is what all others do not do."
ineffective(statement, relevant, lack) := concat("", sort({sentence |
	some condition in statement.conditions
	reason := why_not(condition, relevant, lack)
	sentence := $" The condition {_as_text(condition)} does not restrict access: {reason}."
}))

# METADATA
# description: "Returns these sentences for the conditions on the keys that can restrict access."
ineffective_restrictions(statement) := ineffective({"conditions": conditions}, keys, "") if {
	conditions := [condition | some condition in statement.conditions; condition.key in keys]
}

# METADATA
# description: "Returns the end of a sentence about an Allow that its conditions do not restrict, with the reason for each of them."
unrestricted(statement) := ", and no condition restricts access." if {
	count(statement.conditions) == 0
} else := $".{ineffective(statement, keys, "does not identify the caller")}"

# METADATA
# description: "Returns why a condition does not restrict access, as a clause. Undefined for a condition that may restrict it."
why_not(condition, relevant, lack) := "Null only tests whether the condition key is present" if {
	condition.operator == "Null"
} else := "a negated operator lets other callers through" if {
	contains(condition.operator, "Not")
} else := $"{condition.name} {lack}" if {
	condition.operator != "Unknown"
	not condition.key in relevant
} else := "ForAllValues also matches requests without the condition key" if {
	condition.operator in (_equals | _like)
	not requires_key(condition, always_present)
	not condition.ifExists
} else := "IfExists also matches requests without the condition key" if {
	condition.operator in (_equals | _like)
	not requires_key(condition, always_present)
} else := "its address ranges are too wide" if {
	condition.operator == "IpAddress"
	has_narrow_values(condition) == truth.no
} else := "it compares the condition key with itself" if {
	_compares_with_itself(condition)
} else := "a value matches everything" if {
	has_narrow_values(condition) == truth.no
	condition.operator in _like
} else := $"{condition.operator} does not limit {condition.name} to fixed values" if {
	not condition.operator in ((_equals | _like) | {"Unknown"})
}

_as_text(condition) := $"{_set(condition)}{condition.operator}{_if_exists[condition.ifExists]} {condition.name} {concat(", ", values)}" if {
	values := [$"\"{v.text}\"" | some v in condition.values]
}

_set(condition) := $"{condition.set}:" if condition.set

else := ""

_if_exists := {true: "IfExists", false: ""}

# METADATA
# description: Returns the truth of a condition with a negated operator exempting less than everything.
exempts_narrowly(c) := truth.no if {
	_compares_with_itself(c)
} else := truth.yes if {
	c.operator in _not_equals
} else := _all_narrow(c) if {
	c.operator in _not_like
} else := truth.no
