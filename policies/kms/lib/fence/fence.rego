# METADATA
# title: Conditions as fences
# description: "Which conditions confine an Allow to fixed accounts, organisations, ARNs, networks or sources, and which Denies do so for everyone."
package kms.lib.fence

import data.kms.lib.truth

# METADATA
# description: Condition keys that identify the caller.
caller_keys := {
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

_keys := (caller_keys | source_keys) | _network_keys

# What every signed request carries: IfExists changes nothing there.
_always_present := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}

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
} else := _narrow(condition) if {
	condition.key in _keys
	demands(condition, _always_present)
} else := truth.no

# METADATA
# description: "Whether a condition refuses requests that lack its key; `present` are keys that none lacks."
demands(condition, present) if {
	condition.operator in (_equals | _like)
	object.get(condition, "set", "none") != "ForAllValues"
	_strict(condition, present)
}

_strict(condition, _) if not condition.ifExists

_strict(condition, present) if condition.key in present

# METADATA
# description: Whether the values of a condition under a positive operator leave anything out.
narrow_values(condition) := _narrow(condition)

_narrow(condition) := truth.yes if {
	condition.operator in _equals
} else := truth.every_of({_confining(v) | some v in condition.values}) if {
	condition.operator in _like
} else := truth.no

_confining(v) := truth.no if {
	v.everything
} else := truth.unknown if {
	object.get(v, "unknown", "") == "whole"
	not v.account
} else := truth.yes

# METADATA
# description: Whether a statement can never match, so that it says nothing.
never_matches(statement) if {
	some condition in statement.conditions
	_impossible(condition)
}

_impossible(condition) if {
	condition.operator in (_equals | _like)
	not condition.ifExists
	count(condition.values) == 0
}

# A star under an Equals operator is a character, which no account, ARN or id holds.
_impossible(condition) if {
	condition.operator in _equals
	condition.key in _keys
	object.get(condition, "set", "none") != "ForAllValues"
	count(condition.values) > 0
	every v in condition.values {
		v.text == "*"
	}
}

# METADATA
# description: "Whether everyone behind the fences of a statement may be a caller of another account than the owner's."
reaches_accounts(statement) := _reaches([f | some f in _fences(statement); f.key in _account_keys])

# METADATA
# description: The same, with organisations counted as reaching further than the owner.
reaches_beyond(statement) := _reaches([f | some f in _fences(statement); f.key in (_account_keys | _org_keys)])

_account_keys := {"kms:calleraccount", "aws:principalaccount", "aws:principalarn", "aws:sourceaccount", "aws:sourcearn"}

_org_keys := {"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"}

_fences(statement) := [c | some c in statement.conditions; confines(c) != truth.no]

_reaches(fences) := truth.no if {
	count(fences) == 0
} else := truth.every_of({_reach(f) | some f in fences})

_reach(fence) := truth.yes if {
	fence.key in _org_keys
} else := truth.any_of({_relation[object.get(v, "relation", "none")] | some v in fence.values})

_relation := {"owner": truth.no, "external": truth.yes, "unknown": truth.unknown, "none": truth.unknown}

# METADATA
# description: Whether the caller's account is confined to the owner's by a condition, so that nobody else is reached.
owner_only(statement) if {
	some c in _fences(statement)
	c.key in {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}
	_reach(c) == truth.no
}

# METADATA
# description: "Whether each condition of a Deny exempts what a fence names: then the Deny is a fence itself."
exempts(statement) := truth.no if {
	count(statement.conditions) == 0
} else := truth.no if {
	some c in statement.conditions
	not _exemption(c)
	not _services_aside(c)
} else := truth.every_of({_exempts(c) | some c in statement.conditions; _exemption(c)}) if {
	some c in statement.conditions
	_exemption(c)
} else := truth.no

_exemption(c) if {
	c.key in _keys
	c.operator in (_not_equals | _not_like)
}

# The services of AWS, which an organisation's perimeter lets through.
_services_aside(c) if {
	c.key in {"aws:principalisawsservice", "aws:viaawsservice"}
	c.operator == "Bool"
	every v in c.values {
		lower(v.text) == "false"
	}
}

_exempts(c) := truth.yes if {
	c.operator in _not_equals
} else := truth.every_of({_confining(v) | some v in c.values})

# METADATA
# description: "Whether a Deny's exemptions hold for a principal of an account: its own account or ARN, an organisation, a network."
lets_through(statement, principal) := truth.any_of({_lets(c, principal) | some c in statement.conditions})

# Anything but a fence may always be met by somebody.
_lets(c, _) := truth.yes if not _exemption(c)

_lets(c, principal) := truth.any_of({_same(c, v, principal) | some v in c.values}) if {
	_exemption(c)
	c.key in {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}
}

_lets(c, _) := truth.yes if {
	_exemption(c)
	not c.key in {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}
}

_same(c, v, principal) := truth.yes if {
	v.everything
} else := truth.unknown if {
	object.get(v, "unknown", "") == "whole"
	not v.account
} else := truth.yes if {
	_same_relation(v, principal)
	_same_arn(c, v, principal)
} else := truth.unknown if {
	"unknown" in {object.get(v, "relation", "none"), object.get(principal, "relation", "none")}
} else := truth.no

_same_relation(v, principal) if {
	v.relation == principal.relation
	v.relation != "unknown"
	v.account == object.get(principal, "account", v.account)
}

_same_relation(v, principal) if {
	v.relation == "owner"
	principal.relation == "owner"
}

# An account's root stands for all of its principals.
_same_arn(c, _, _) if c.key != "aws:principalarn"

_same_arn(_, _, principal) if principal.kind in {"root", "iam", "everyone"}

_same_arn(_, v, principal) if glob.match(v.text, [], principal.text)

# METADATA
# description: "Whether a condition leaves the owner's own principals out: it is a fence to other accounts only, or never matches."
excludes_owner(c) := truth.yes if {
	_impossible(c)
} else := truth.negate(truth.any_of({_may_be_owner(v) | some v in c.values})) if {
	c.key in {"kms:calleraccount", "aws:principalaccount", "aws:principalarn"}
	confines(c) != truth.no
} else := truth.no

_may_be_owner(v) := {"owner": truth.yes, "external": truth.no}[v.relation] if {
	v.relation in {"owner", "external"}
} else := truth.unknown
