# METADATA
# title: Values that may be unknown
# description: The only place that compares a value that may be unknown. Each comparison gives a truth.
package kms.lib.value

import data.kms.lib.truth

# METADATA
# description: Holds if the input does not contain the value.
is_unknown(value) if is_object(value.unknown)

# METADATA
# description: "Returns the clause that names an unknown value and says why it is unknown: a cause of a truth."
cause(value) := _cause(value.unknown.expression, value.unknown.reason)

_cause("", reason) := reason

_cause(expression, reason) := $"`{expression}` is {reason}" if {
	expression != ""
	startswith(reason, "known ")
} else := $"`{expression}` is unknown" if {
	expression != ""
	reason in {"", "not known", "unknown"}
} else := $"`{expression}` is unknown ({reason})" if {
	expression != ""
}

# METADATA
# description: "Returns a cause for each unknown part `⟨expression⟩` of some strings. If there is none, the cause is that `name` is unknown."
causes_in(strings, name) := parts if {
	parts := {$"`{part}` is unknown" |
		some string in strings
		some i, piece in split(string, "⟨")
		i > 0
		part := split(piece, "⟩")[0]
		part != ""
	}
	count(parts) > 0
} else := {$"{name} is unknown"}

# METADATA
# description: Returns the truth of a value being equal to a known one.
is(value, wanted) := truth.unknown({cause(value)}) if {
	is_unknown(value)
} else := truth.yes if {
	value == wanted
} else := truth.no

# METADATA
# description: "Returns the truth of a number being above a bound. null (not set) is not."
above(value, bound) := truth.unknown({cause(value)}) if {
	is_unknown(value)
} else := truth.yes if {
	is_number(value)
	value > bound
} else := truth.no
