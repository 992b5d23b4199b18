# METADATA
# title: Conditions that restrict access
# description: "Which conditions restrict an Allow to fixed accounts, organizations, ARNs, networks or sources, and which Denies do so for everyone."
package kms.lib.scope

import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.truth

# Condition keys that identify the caller.
_caller_keys := {
	"kms:calleraccount",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalorgid",
	"aws:principalorgpaths",
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
# description: Returns the truth of the conditions of an Allow restricting access.
scoped(statement) := truth.any_of({restricts(condition) | some condition in statement.conditions})

# METADATA
# description: Returns the truth of one condition restricting access to the values that it names.
restricts(condition) := truth.unknown(causes.condition(condition)) if {
	condition.operator == "Unknown"
} else := has_narrow_values(condition) if {
	condition.key in keys
	requires_key(condition, always_present)
} else := truth.no

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
has_narrow_values(condition) := truth.yes if {
	condition.operator in _equals
} else := _all_narrow(condition) if {
	condition.operator in _like
} else := truth.no

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
# description: "Returns the truth of an Allow for everyone that conditions restrict reaching a caller in an account other than the owner's."
reaches_other_accounts(key, statement) := _reaches(_restrictions_without(key, statement, _org_keys | _network_keys))

# METADATA
# description: "Returns the truth of an Allow for everyone that conditions restrict reaching callers beyond the owner: those in other accounts or in an organization."
reaches_beyond_owner(key, statement) := _reaches(_restrictions_without(key, statement, _network_keys))

# METADATA
# description: "Returns the truth of an Allow for everyone reaching principals of the owner: each restriction that names accounts names the owner's."
reaches_owner(key, statement) := truth.no if {
	count(_account_restrictions(key, statement)) == 0
} else := truth.every_of({_names_owner(conditions) | some conditions in _account_restrictions(key, statement)})

_account_restrictions(key, statement) := _restrictions_without(key, statement, keys - _identity_keys)

_names_owner(conditions) := truth.any_of({_is_in_owner_account(v) | some c in conditions; some v in c.values})

# METADATA
# description: Returns the values of conditions that name the account of the caller in an Allow for everyone.
named_accounts(key, statement) := [v |
	some conditions in _account_restrictions(key, statement)
	some c in conditions
	some v in c.values
	v.relation
]

# METADATA
# description: "Returns the restrictions of a statement, its own and those that Denies for everyone impose. Each is a list of conditions of which at least one has to hold."
restrictions(key, statement) := array.concat([[c] | some c in _restricting(statement)], _imposed_by_denies(key, statement))

_restrictions_without(key, statement, ignored) := [restriction |
	some conditions in restrictions(key, statement)
	restriction := [c | some c in conditions; not c.key in ignored]
	count(restriction) > 0
]

# A Deny for everyone restricts the Allow to what it exempts if it covers all actions of the Allow.
_imposed_by_denies(key, statement) := [[c | some c in deny.conditions; _is_exemption(c)] |
	some deny in key.policy.statements
	policy.has_effect(deny, "Deny") == truth.yes
	not deny.notPrincipal
	some principal in deny.principals
	principal.kind == "everyone"
	deny_applies(deny, principal) == truth.yes
	count({action | some action in statement.covers} - {action | some action in deny.covers}) == 0
]

# Condition keys that name the account of the caller.
_identity_keys := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}

_org_keys := {"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"}

_restricting(statement) := [c | some c in statement.conditions; restricts(c) != truth.no]

_reaches(restrictions) := truth.no if {
	count(restrictions) == 0
} else := truth.every_of({truth.any_of({_reaches_outside(c) | some c in conditions}) | some conditions in restrictions})

_reaches_outside(condition) := truth.yes if {
	condition.key in _org_keys
} else := truth.unknown(causes.condition(condition)) if {
	condition.operator == "Unknown"
} else := truth.any_of({_is_outside(condition.key, v) | some v in condition.values})

_is_outside(key, v) := truth.no if {
	# The ARN of a bucket names no account.
	key == "aws:sourcearn"
	not v.account
	object.get(v, "unknown", "") != "whole"
} else := truth.negate(_is_in_owner_account(v))

_is_in_owner_account(v) := policy.is_in_owner_account(v) if {
	v.relation
} else := truth.unknown(causes.account(v))

# METADATA
# description: "Holds if a condition restricts access to the owner's account, so that the statement reaches no other."
is_owner_only(statement) if {
	some c in _restricting(statement)
	c.key in _identity_keys
	_reaches_outside(c) == truth.no
}

# METADATA
# description: "Returns the truth of the conditions of a Deny holding for a principal, as far as the identity of the principal decides it. For everyone and for services they hold if they exempt only fixed accounts, organizations, ARNs, networks or sources."
deny_applies(deny, principal) := truth.every_of({_holds(c, principal) | some c in deny.conditions})

_holds(c, principal) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := has_only_value(c, _is_service[principal.kind == "service"]) if {
	c.key == "aws:principalisawsservice"
	c.operator == "Bool"
} else := truth.any_of({_includes_all_of(c, v, principal) | some v in c.values}) if {
	c.key in _identity_keys
	c.operator in (_equals | _like)
} else := truth.no if {
	not _is_exemption(c)
} else := exempts_narrowly(c) if {
	principal.kind in {"everyone", "service"}
} else := truth.negate(truth.any_of({_names(c, v, principal) | some v in c.values})) if {
	c.key in _identity_keys
} else := truth.no

_is_service := {true: "true", false: "false"}

_is_exemption(c) if {
	c.key in keys
	c.operator in (_not_equals | _not_like)
	object.get(c, "set", "none") != "ForAnyValue"
}

# METADATA
# description: Returns the truth of a condition with a negated operator exempting less than everything.
exempts_narrowly(c) := truth.yes if {
	c.operator in _not_equals
} else := _all_narrow(c) if {
	c.operator in _not_like
} else := truth.no

# A root represents its whole account, which one ARN never includes in full.
_includes_all_of(c, v, principal) := truth.no if {
	principal.kind in {"everyone", "service"}
} else := _names(c, v, principal) if {
	c.key != "aws:principalarn"
} else := _names(c, v, principal) if {
	v.matchesEverything
} else := truth.no if {
	principal.kind == "root"
} else := truth.every_of({truth.unknown(causes.principal(principal)), _names(c, v, principal)}) if {
	principal.kind == "iam"
} else := _names(c, v, principal)

# The truth of a value naming a principal, or one that the principal represents.
_names(c, v, principal) := truth.no if {
	# A literal `*` names no principal.
	c.operator in (_equals | _not_equals)
	not v.unknown
	regex.match(`[*?]`, v.text)
} else := truth.yes if {
	v.matchesEverything
} else := truth.every_of({policy.same_account(v, principal), _same_arn(c, v, principal)})

# The root of an account represents all of its principals.
_same_arn(c, v, principal) := truth.yes if {
	c.key != "aws:principalarn"
} else := truth.yes if {
	principal.kind in {"root", "iam"}
} else := truth.yes if {
	glob.match(v.text, [], principal.text)
} else := truth.unknown(causes.condition_value(v)) if {
	v.unknown
} else := truth.unknown(causes.principal(principal)) if {
	principal.partlyUnknown
} else := truth.unknown(causes.clause($"the path of the role of {principal.text} is unknown")) if {
	# The ARN of a session does not contain the path of its role.
	principal.kind == "assumed-role"
} else := truth.no

# METADATA
# description: "Returns the truth of a condition excluding the owner's own principals: it restricts access to other accounts, or never matches."
excludes_owner(c) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := truth.yes if {
	_is_impossible(c)
} else := truth.negate(truth.any_of({_is_in_owner_account(v) | some v in c.values})) if {
	c.key in _identity_keys
	restricts(c) != truth.no
} else := truth.no
