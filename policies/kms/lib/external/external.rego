# METADATA
# title: Principals of other accounts
# description: "Finds the principals of an Allow that are, or include, principals outside the owner's account."
package kms.lib.external

import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.scope
import data.kms.lib.truth

# METADATA
# description: "Returns the truth of a principal being in another account, or being everyone under a condition that names another account. `public_access` covers everyone without such a condition."
is_external(key, statement, principal) := scope.reaches_other_accounts(key, statement) if {
	principal.kind == "everyone"
	not scope.is_owner_only(statement)
} else := _is_named_outside(statement, principal)

# METADATA
# description: "Returns the truth of a principal being outside the owner's account, where everyone in an organization counts as well."
is_beyond_owner(key, statement, principal) := scope.reaches_beyond_owner(key, statement) if {
	principal.kind == "everyone"
	not scope.is_owner_only(statement)
} else := _is_named_outside(statement, principal)

_is_named_outside(statement, principal) := truth.no if {
	scope.is_owner_only(statement)
} else := policy.is_external(principal)

# METADATA
# description: "Returns the actions that a statement grants to the external principals that it reaches, for all unknown values."
granted(key, statement, principal) := union({access.granted(key, statement, p) | some p in _outsiders(key, statement, principal)})

# METADATA
# description: "Returns the actions that a statement grants to them for some of the unknown values."
possibly_granted(key, statement, principal) := union({access.possibly_granted(key, statement, p) |
	some p in _outsiders(key, statement, principal)
})

# METADATA
# description: "Returns the causes of it being unknown whether a statement grants them some actions."
doubts(key, statement, principal, actions) := union({access.doubts(key, statement, p, actions) |
	some p in _outsiders(key, statement, principal)
})

# METADATA
# description: Returns the truth of a statement granting the external principals that it reaches any action.
grants_any(key, statement, principal) := truth.any_of({access.grants_any(key, statement, p) |
	some p in _outsiders(key, statement, principal)
})

# METADATA
# description: Returns the truth of a statement granting the external principals that it reaches one action.
grants_action(key, statement, principal, action) := truth.any_of({access.grants_action(key, statement, p, action) |
	some p in _outsiders(key, statement, principal)
})

# The principals that Denies are applied to. If the principal is everyone, those are the accounts that conditions name:
# a Deny that exempts these accounts takes nothing from them.
_outsiders(key, statement, principal) := {principal} if principal.kind != "everyone"

else := {_outsider} if count(_named(key, statement)) == 0

else := _named(key, statement)

# Represents an account as a whole: a Deny for one of its principals does not concern it.
_outsider := {"kind": "root", "text": "*", "relation": "external"}

_named(key, statement) := {object.union(_outsider, {"relation": v.relation, "account": v.account}) |
	some v in scope.named_accounts(key, statement)
	v.relation != "owner"
}

# METADATA
# description: "Returns a principal as a noun phrase."
name(principal) := "everyone who meets the conditions" if principal.kind == "everyone"

else := $"account {principal.account}" if {
	principal.kind == "root"
	is_string(principal.account)
}

else := principal.text
