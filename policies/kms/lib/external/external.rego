# METADATA
# title: Principals of other accounts
# description: "Whether a principal of an Allow is, or stands for, somebody outside of the owner's account."
package kms.lib.external

import data.kms.lib.access
import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.truth

# METADATA
# description: "A principal of another account, or everyone behind a fence that names one. Without a fence everyone is the matter of `public_access`."
is(key, statement, principal) := fence.reaches_accounts(key, statement) if {
	principal.kind == "everyone"
	not fence.owner_only(statement)
} else := _named_outside(statement, principal)

# METADATA
# description: "The same, with everyone of an organisation counted too."
is_beyond(key, statement, principal) := fence.reaches_beyond(key, statement) if {
	principal.kind == "everyone"
	not fence.owner_only(statement)
} else := _named_outside(statement, principal)

_named_outside(statement, principal) := truth.no if {
	fence.owner_only(statement)
} else := policy.is_external(principal)

# METADATA
# description: "What a statement gives to whom it lets in from outside, whatever the unknown values are."
sure(key, statement, principal) := union({access.sure(key, statement, p) | some p in _outsiders(key, statement, principal)})

# METADATA
# description: "What it gives to them for some of the unknown values."
possible(key, statement, principal) := union({access.possible(key, statement, p) |
	some p in _outsiders(key, statement, principal)
})

# METADATA
# description: Whether a statement leaves whom it lets in from outside with anything.
gives(key, statement, principal) := truth.any_of({access.gives(key, statement, p) |
	some p in _outsiders(key, statement, principal)
})

# METADATA
# description: "Whether a statement leaves whom it lets in from outside with one action."
grants(key, statement, principal, action) := truth.any_of({access.grants(key, statement, p, action) |
	some p in _outsiders(key, statement, principal)
})

# For whom Denies are weighed. Everyone is whom the fences name: a Deny that is such a fence takes nothing from them.
_outsiders(key, statement, principal) := {principal} if principal.kind != "everyone"

else := {_outsider} if count(_named(key, statement)) == 0

else := _named(key, statement)

# Somebody stands for the account, whom what is for one principal of it does not concern.
_outsider := {"kind": "root", "text": "*", "relation": "external"}

_named(key, statement) := {object.union(_outsider, {"relation": v.relation, "account": v.account}) |
	some v in fence.named_accounts(key, statement)
	v.relation != "owner"
}

# METADATA
# description: "A principal as a part of a sentence."
name(principal) := "everyone behind its condition" if principal.kind == "everyone"

else := $"account {principal.account}" if {
	principal.kind == "root"
	is_string(principal.account)
}

else := principal.text
