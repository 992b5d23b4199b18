# METADATA
# title: Values that may be unknown
# description: The only place that compares a value that may be unknown. Each comparison gives a truth.
package kms.lib.value

import data.kms.lib.truth

# METADATA
# description: Holds if the input does not contain the value.
is_unknown(value) if is_object(value.unknown)

# METADATA
# description: "Returns the cause of an unknown value: its expression and the reason."
cause(value) := value.unknown

# METADATA
# description: "Returns the strings that have unknown parts `⟨expression⟩`, which are causes. If there is none, the cause is that `name` is unknown."
causes_in(strings, name) := partial if {
	partial := {string | some string in strings; contains(string, "⟨")}
	count(partial) > 0
} else := {{"clause": $"{name} is unknown"}}

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
