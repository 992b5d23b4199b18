# METADATA
# title: Values that may be unknown
# description: The only place where a value that may be unknown is compared. Each comparison gives a truth.
package kms.lib.value

import data.kms.lib.truth

# METADATA
# description: Whether the input does not hold a value.
is_unknown(value) if is_object(value.unknown)

# METADATA
# description: What is not known, and why, for people.
why(value) := $"`{value.unknown.expression}` is not known: {value.unknown.reason}" if value.unknown.expression != ""

why(value) := value.unknown.reason if value.unknown.expression == ""

# METADATA
# description: Whether a value equals another that is known.
is(value, wanted) := truth.unknown if {
	is_unknown(value)
} else := truth.yes if {
	value == wanted
} else := truth.no

# METADATA
# description: Whether a number is above a bound; null, where nothing is given, is not.
above(value, bound) := truth.unknown if {
	is_unknown(value)
} else := truth.yes if {
	is_number(value)
	value > bound
} else := truth.no
