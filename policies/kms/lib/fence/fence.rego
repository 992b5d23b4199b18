# METADATA
# title: Conditions as fences
# description: "Which conditions confine an Allow to fixed accounts, organisations, ARNs, networks or sources, and which Denies do so for everyone."
package kms.lib.fence

import data.kms.lib.policy
import data.kms.lib.truth

# What identifies the caller.
_caller_keys := {
	"kms:calleraccount",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalorgid",
	"aws:principalorgpaths",
}

# METADATA
# description: Condition keys that identify the resource for which a service calls.
source_keys := {"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"}

_network_keys := {"aws:sourcevpce", "aws:sourcevpc", "aws:sourceip"}

_keys := (_caller_keys | source_keys) | _network_keys

# METADATA
# description: "What every signed request carries: IfExists changes nothing there."
always_present := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}

_equals := {"StringEquals", "StringEqualsIgnoreCase"}

# ArnEquals compares as ArnLike does.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_like := {"StringLike", "ArnLike", "ArnEquals", "IpAddress"}

_not_equals := {"StringNotEquals", "StringNotEqualsIgnoreCase"}

_not_like := {"StringNotLike", "ArnNotLike", "ArnNotEquals", "NotIpAddress"}

# METADATA
# description: Whether an Allow's conditions confine it.
fenced(statement) := truth.any_of({confines(condition) | some condition in statement.conditions})

# METADATA
# description: Whether one condition confines the statement to what it names.
confines(condition) := truth.unknown if {
	condition.operator == "Unknown"
} else := narrow_values(condition) if {
	condition.key in _keys
	demands(condition, always_present)
} else := truth.no

# METADATA
# description: "Whether a condition refuses requests that lack its key; `present` are keys that none lacks."
demands(condition, present) if {
	condition.operator in (_equals | _like)
	_present(condition, present)
}

_present(condition, present) if condition.key in present

_present(condition, _) if condition.presenceRequired

# IfExists and ForAllValues hold where the key is not there.
_present(condition, _) if {
	not condition.ifExists
	object.get(condition, "set", "none") != "ForAllValues"
}

# METADATA
# description: Whether the values of a condition under a positive operator leave anything out.
narrow_values(condition) := truth.yes if {
	condition.operator in _equals
} else := _leave_out(condition) if {
	condition.operator in _like
} else := truth.no

_leave_out(condition) := truth.every_of({_leaves_out(condition.key, v) | some v in condition.values})

_leaves_out(key, v) := truth.no if {
	v.matchesEverything
} else := truth.unknown if {
	object.get(v, "unknown", "") == "whole"
	not _of_known_type(key, v)
} else := truth.yes

# A reference to an attribute of a resource is an ARN or an id, never a star; a plain one may be.
_of_known_type(_, v) if v.account == "self"

_of_known_type(key, v) if {
	v.account
	not key in _account_id_keys
}

_account_id_keys := {"kms:calleraccount", "aws:principalaccount", "aws:sourceaccount"}

# METADATA
# description: "Whether every value of a condition is a text, compared without case."
reads(condition, text) := truth.every_of({_reads(v, text) | some v in condition.values}) if {
	count(condition.values) > 0
} else := truth.no

_reads(v, text) := truth.unknown if {
	v.unknown
} else := truth.from(lower(v.text) == text)

# METADATA
# description: Whether a statement can never match, so that it says nothing.
never_matches(statement) if {
	some condition in statement.conditions
	_impossible(condition)
}

_impossible(condition) if {
	count(condition.values) == 0
	not regex.match(`Not|Null`, condition.operator)
	_present(condition, always_present)
}

# A star under an Equals operator is a character, which no account, ARN or id holds.
_impossible(condition) if {
	condition.operator in _equals
	condition.key in _keys
	demands(condition, always_present)
	every v in condition.values {
		v.matchesEverything
	}
}

# METADATA
# description: "Whether everyone behind the fences of a statement may be a caller of another account than the owner's."
reaches_accounts(key, statement) := _reaches(_fences_but(key, statement, _org_keys | _network_keys))

# METADATA
# description: The same, with organisations counted as reaching further than the owner.
reaches_beyond(key, statement) := _reaches(_fences_but(key, statement, _network_keys))

# METADATA
# description: "Whether everyone behind the fences of a statement may be a principal of the owner: each fence that names accounts names the owner's."
reaches_owner(key, statement) := truth.no if {
	count(_naming_accounts(key, statement)) == 0
} else := truth.every_of({_names_owner(f) | some f in _naming_accounts(key, statement)})

_naming_accounts(key, statement) := _fences_but(key, statement, _keys - _identity_keys)

_names_owner(conditions) := truth.any_of({_is_owners(v) | some c in conditions; some v in c.values})

# METADATA
# description: What fences for everyone name as the account of the caller, as values of conditions.
named_accounts(key, statement) := [v |
	some fence in _naming_accounts(key, statement)
	some c in fence
	some v in c.values
	v.relation
]

# METADATA
# description: "The fences of a statement, its own and those that Denies for everyone make, each as the conditions of which one has to hold."
all_of(key, statement) := array.concat([[c] | some c in _fences(statement)], _imposed(key, statement))

_fences_but(key, statement, without) := [fence |
	some conditions in all_of(key, statement)
	fence := [c | some c in conditions; not c.key in without]
	count(fence) > 0
]

# What Denies for everyone exempt, where they take all that the statement gives.
_imposed(key, statement) := [[c | some c in deny.conditions; _exemption(c)] |
	some deny in key.policy.statements
	policy.has_effect(deny, "Deny") == truth.yes
	not deny.notPrincipal
	some principal in deny.principals
	principal.kind == "everyone"
	applies(deny, principal) == truth.yes
	count({action | some action in statement.covers} - {action | some action in deny.covers}) == 0
]

# What names the account of the caller.
_identity_keys := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}

_org_keys := {"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"}

_fences(statement) := [c | some c in statement.conditions; confines(c) != truth.no]

_reaches(fences) := truth.no if {
	count(fences) == 0
} else := truth.every_of({truth.any_of({_reach(c) | some c in fence}) | some fence in fences})

_reach(fence) := truth.yes if {
	fence.key in _org_keys
} else := truth.unknown if {
	fence.operator == "Unknown"
} else := truth.any_of({_reach_of(fence.key, v) | some v in fence.values})

_reach_of(key, v) := truth.no if {
	# The ARN of a bucket names no account.
	key == "aws:sourcearn"
	not v.account
	object.get(v, "unknown", "") != "whole"
} else := truth.negate(_is_owners(v))

_is_owners(v) := policy.is_owners(v) if {
	v.relation
} else := truth.unknown

# METADATA
# description: "Whether the caller's account is confined to the owner's by a condition, so that nobody else is reached."
owner_only(statement) if {
	some c in _fences(statement)
	c.key in _identity_keys
	_reach(c) == truth.no
}

# METADATA
# description: "Whether the conditions of a Deny hold for a principal, as far as that can be told from who it is. For everyone, and for a service, they do when what they exempt is a fence."
applies(deny, principal) := truth.every_of({_holds(c, principal) | some c in deny.conditions})

_holds(c, principal) := truth.unknown if {
	c.operator == "Unknown"
} else := reads(c, _is_service[principal.kind == "service"]) if {
	c.key == "aws:principalisawsservice"
	c.operator == "Bool"
} else := truth.any_of({_takes_in(c, v, principal) | some v in c.values}) if {
	c.key in _identity_keys
	c.operator in (_equals | _like)
} else := truth.no if {
	not _exemption(c)
} else := exempts_narrowly(c) if {
	principal.kind in {"everyone", "service"}
} else := truth.negate(truth.any_of({_is_named(c, v, principal) | some v in c.values})) if {
	c.key in _identity_keys
} else := truth.no

_is_service := {true: "true", false: "false"}

_exemption(c) if {
	c.key in _keys
	c.operator in (_not_equals | _not_like)
	object.get(c, "set", "none") != "ForAnyValue"
}

# METADATA
# description: Whether a condition under a negated operator exempts less than everything.
exempts_narrowly(c) := truth.yes if {
	c.operator in _not_equals
} else := _leave_out(c) if {
	c.operator in _not_like
} else := truth.no

# Whether a value takes in all that a principal stands for. An ARN is never all of an account.
_takes_in(c, v, principal) := truth.no if {
	principal.kind in {"everyone", "service"}
} else := _is_named(c, v, principal) if {
	c.key != "aws:principalarn"
} else := _is_named(c, v, principal) if {
	v.matchesEverything
} else := truth.no if {
	principal.kind == "root"
} else := truth.every_of({truth.unknown, _is_named(c, v, principal)}) if {
	principal.kind == "iam"
} else := _is_named(c, v, principal)

# Whether a value names a principal, or somebody for whom it stands.
_is_named(c, v, principal) := truth.no if {
	# A literal star names nobody.
	c.operator in (_equals | _not_equals)
	not v.unknown
	regex.match(`[*?]`, v.text)
} else := truth.yes if {
	v.matchesEverything
} else := truth.every_of({policy.same_account(v, principal), _same_arn(c, v, principal)})

# An account's root stands for all of its principals.
_same_arn(c, v, principal) := truth.yes if {
	c.key != "aws:principalarn"
} else := truth.yes if {
	principal.kind in {"root", "iam"}
} else := truth.yes if {
	glob.match(v.text, [], principal.text)
} else := truth.unknown if {
	_open(v, principal)
} else := truth.no

_open(v, _) if v.unknown

_open(_, principal) if principal.partlyUnknown

# The session's role has a path that its ARN does not show.
_open(_, principal) if principal.kind == "assumed-role"

# METADATA
# description: "Whether a condition leaves the owner's own principals out: it is a fence to other accounts only, or never matches."
excludes_owner(c) := truth.unknown if {
	c.operator == "Unknown"
} else := truth.yes if {
	_impossible(c)
} else := truth.negate(truth.any_of({_is_owners(v) | some v in c.values})) if {
	c.key in _identity_keys
	confines(c) != truth.no
} else := truth.no
