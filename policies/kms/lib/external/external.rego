# METADATA
# title: Principals of other accounts
# description: "Whether a principal of an Allow is, or stands for, somebody outside of the owner's account."
package kms.lib.external

import data.kms.lib.fence
import data.kms.lib.policy
import data.kms.lib.truth

# METADATA
# description: "A principal of another account, or everyone behind a fence that names one. Without a fence everyone is the matter of `public_access`."
is(statement, principal) := _is(statement, principal, fence.reaches_accounts(statement))

# METADATA
# description: "The same, with everyone of an organisation counted too."
is_beyond(statement, principal) := _is(statement, principal, fence.reaches_beyond(statement))

_is(statement, principal, reach) := truth.no if {
	fence.owner_only(statement)
} else := reach if {
	principal.kind == "everyone"
} else := policy.is_external(principal)

# METADATA
# description: "A principal as a part of a sentence."
name(principal) := "everyone behind its condition" if principal.kind == "everyone"

else := $"account {principal.account}" if {
	principal.kind == "root"
	is_string(principal.account)
}

else := principal.text
