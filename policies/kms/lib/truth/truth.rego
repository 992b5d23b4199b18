# METADATA
# title: Three-valued logic
# description: "Kleene's logic. A truth is `no`, `yes`, or an unknown that carries its causes: `{\"unknown\": {cause, …}}`. A cause is a part of the document, so that it costs nothing until `kms.lib.causes` puts it into words. The combinators keep the causes, so that every unknown verdict can explain itself."
package kms.lib.truth

no := "no"

yes := "yes"

# METADATA
# description: Returns an unknown truth with a set of causes.
unknown(causes) := {"unknown": causes}

# METADATA
# description: Holds for an unknown truth.
is_unknown(truth) if is_object(truth)

# METADATA
# description: "Returns the causes of the unknown truths in a set of truths. They are small: WebAssembly hashes every member of a set in full."
causes(truths) := {cause | some truth in truths; some cause in truth.unknown}

# METADATA
# description: "Returns `yes` when every one of a set of truths is; an empty set is."
every_of(truths) := no if truths[no]

else := yes if {
	truths[yes]
	count(truths) == 1
}

else := yes if count(truths) == 0

else := unknown(causes(truths))

# METADATA
# description: "Returns `yes` when any one of a set of truths is; an empty set is not."
any_of(truths) := yes if truths[yes]

else := no if count(truths) == 0

else := no if {
	truths[no]
	count(truths) == 1
}

else := unknown(causes(truths))

negate("no") := "yes"

negate("yes") := "no"

negate(truth) := truth if is_unknown(truth)

# METADATA
# description: Returns the truth of a boolean.
from(true) := yes

from(false) := no
