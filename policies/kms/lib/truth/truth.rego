# METADATA
# title: Three-valued logic
# description: "Kleene's logic over words: `no` < `unknown` < `yes`, as they stand in the alphabet, so that *and* is the least and *or* the greatest."
package kms.lib.truth

no := "no"

unknown := "unknown"

yes := "yes"

# METADATA
# description: "`yes` when every one of a set of truths is; an empty set is."
every_of(truths) := no if truths[no]

else := unknown if truths[unknown]

else := yes

# METADATA
# description: "`yes` when any one of a set of truths is; an empty set is not."
any_of(truths) := yes if truths[yes]

else := unknown if truths[unknown]

else := no

negate("no") := "yes"

negate("unknown") := "unknown"

negate("yes") := "no"

# METADATA
# description: The truth of a boolean.
from(true) := yes

from(false) := no
