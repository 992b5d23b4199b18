# METADATA
# title: Causes of unknown truths
# description: "Names what is unknown about a part of a policy or a reference, as a set of causes. A cause is the reason and expression of an unknown value, a string with unknown parts, or an object with a `clause`, which names a field that the document holds no expression for. `clauses` puts causes into words."
package kms.lib.causes

import data.kms.lib.value

# METADATA
# description: "Returns causes in words, as a set of clauses such as \"`var.spec` is known only after apply\"."
clauses(causes) := union({_in_words(cause) | some cause in causes})

_in_words(cause) := {cause.clause}

_in_words(cause) := {_of_value(cause.expression, cause.reason)}

# An unknown part may contain others: a dynamic reference whose path is made of parameters.
_in_words(cause) := {$"`{_readable(part[1])}` is unknown" |
	some part in regex.find_all_string_submatch_n(`⟨((?:[^⟨⟩]|⟨[^⟨⟩]*⟩)*)⟩`, cause, -1)
} if {
	is_string(cause)
}

_readable(expression) := replace(replace(expression, "⟨", "${"), "⟩", "}")

_of_value("", reason) := reason

_of_value(expression, reason) := $"`{expression}` is {reason}" if {
	expression != ""
	startswith(reason, "known ")
} else := $"`{expression}` is unknown" if {
	expression != ""
	reason in {"", "not known", "unknown"}
} else := $"`{expression}` is unknown ({reason})" if {
	expression != ""
}

# METADATA
# description: Returns a cause that is already in words.
clause(text) := {{"clause": text}}

# METADATA
# description: Returns why the account of a principal or of a condition value, or its relation to the owner of the key, is unknown.
account(named) := {value.cause(named.account)} if {
	value.is_unknown(named.account)
} else := clause("the account that owns the key is unknown") if {
	is_string(named.account)
} else := value.causes_in([named.text], $"the account of {named.text}")

# METADATA
# description: Returns why the account that owns a key is unknown.
owner(owner) := {value.cause(owner)} if {
	value.is_unknown(owner)
	owner.unknown.expression != ""
} else := clause("the account that owns the key is unknown")

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
} else := clause($"the key {reference.text} is not in the input") if {
	count(reference.keys) == 0
} else := clause($"{reference.text} may be one of several keys")

# METADATA
# description: Returns why the statements of a policy are not all known.
policy(policy) := {value.cause(policy)} if {
	value.is_unknown(policy)
} else := clause("a statement of the policy is unknown")
