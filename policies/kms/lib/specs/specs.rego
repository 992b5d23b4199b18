# METADATA
# title: Key specs and usages
# description: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"
package kms.lib.specs

import data.kms.facts

# METADATA
# description: The key usages of each key spec.
usages := facts.spec_usages

# METADATA
# description: All key usages.
all_usages := {usage | some usage in usages[_]}
