# METADATA
# title: Replicas and their primaries
# description: "Which keys of the document belong to one multi-Region set. https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"
package kms.lib.replicas

import data.kms.lib.truth

# METADATA
# description: "Replicas, each with the keys of the document that are its primary or, where several are named, one of which is."
pairs := [[replica, primaries] |
	some replica in input.keys
	replica.kind == "replica"
	primaries := [_keys[id] | some id in object.get(replica, ["primary", "keys"], [])]
	count(primaries) > 0
]

_keys := {key.id: key | some key in input.keys}

# METADATA
# description: "What holds of the primary, by what holds of each key that it may be."
settle(truths) := truth.no if {
	max(truths) == truth.no
} else := truth.yes if {
	min(truths) == truth.yes
} else := truth.unknown

# METADATA
# description: Primaries, for people. The variants of one have one name.
name(primaries) := concat(" or ", sort({primary.resource | some primary in primaries}))

# METADATA
# description: "The Region in the ARN of a key, where it is written out."
region_in(text) := concat("", [found[1] |
	some found in regex.find_all_string_submatch_n(`^arn:(?:⟨[^⟩]*⟩|[^:⟨])+:kms:([a-z]{2}[a-z0-9-]*-[0-9]):(?:⟨[^⟩]*⟩|[^:⟨])*:key/`, text, 1)
]) if {
	is_string(text)
} else := ""
