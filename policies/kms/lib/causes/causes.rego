# METADATA
# title: Causes of unknown truths
# description: "Names what is unknown about a part of a policy or a reference, as a set of causes. If the document does not hold an expression, the cause names the field."
package kms.lib.causes

import data.kms.lib.value

# METADATA
# description: Returns why the account of a principal or of a condition value, or its relation to the owner of the key, is unknown.
account(named) := {value.cause(named.account)} if {
	value.is_unknown(named.account)
} else := {"the account that owns the key is unknown"} if {
	is_string(named.account)
} else := value.causes_in([named.text], $"the account of {named.text}")

# METADATA
# description: Returns why the account that owns a key is unknown.
owner(owner) := {value.cause(owner)} if {
	value.is_unknown(owner)
	owner.unknown.expression != ""
} else := {"the account that owns the key is unknown"}

# METADATA
# description: Returns why it is unknown who a principal is.
principal(principal) := value.causes_in([principal.text], $"the principal {principal.text}")

# METADATA
# description: Returns why the actions that a statement covers are unknown.
actions(statement) := value.causes_in([action.text | some action in statement.actions], "an action of the statement")

# METADATA
# description: Returns why it is unknown whether the Resource of a statement matches the key.
resources(statement) := value.causes_in(statement.resources, "the ARN of the key")

# METADATA
# description: Returns why a condition is unknown.
condition(condition) := value.causes_in([v.text | some v in condition.values], _name(condition))

_name(condition) := "a condition of the statement" if {
	condition.name == ""
} else := $"the condition on {condition.name}"

# METADATA
# description: Returns why a value of a condition is unknown.
condition_value(v) := {value.cause(v.account)} if {
	value.is_unknown(v.account)
} else := value.causes_in([v.text], $"the condition value {v.text}")

# METADATA
# description: "Returns why it is unknown which key a reference is: the input does not hold its value, or the key is outside the input."
reference(reference) := {value.cause(reference.text)} if {
	value.is_unknown(reference.text)
} else := {$"the key {reference.text} is not in the input"} if {
	count(reference.keys) == 0
} else := {$"{reference.text} may be one of several keys"}

# METADATA
# description: Returns why the statements of a policy are not all known.
policy(policy) := {value.cause(policy)} if {
	value.is_unknown(policy)
} else := {"a statement of the policy is unknown"}
