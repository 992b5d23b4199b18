# METADATA
# title: Three-valued logic
# description: "Kleene's logic over numbers: `no` < `unknown` < `yes`, so that *and* is the least and *or* the greatest."
package kms.lib.truth

no := 0

unknown := 1

yes := 2

# METADATA
# description: "`yes` when every one of a set of truths is; an empty set is."
every_of(truths) := min(truths | {yes})

# METADATA
# description: "`yes` when any one of a set of truths is; an empty set is not."
any_of(truths) := max(truths | {no})

negate(truth) := yes - truth

# METADATA
# description: The truth of a boolean.
from(true) := yes

from(false) := no
