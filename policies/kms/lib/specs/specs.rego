# METADATA
# title: Key specs and usages
# description: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"
package kms.lib.specs

import data.kms.facts

# METADATA
# description: The usages that a key of each spec can serve.
usages := facts.spec_usages

# METADATA
# description: Every usage that there is.
all_usages := {usage | some usage in usages[_]}
