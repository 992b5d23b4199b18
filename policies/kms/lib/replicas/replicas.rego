# METADATA
# title: Replicas and their primaries
# description: "Finds the keys of the document that belong to one multi-Region set. https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html"
package kms.lib.replicas

import data.kms.lib.causes
import data.kms.lib.truth

# METADATA
# description: "Replicas, each with the keys of the document that may be its primary: usually one, several if the input leaves a choice open."
pairs := [[replica, primaries] |
	some replica in input.keys
	replica.kind == "replica"
	primaries := [key | some id in object.get(replica, ["primary", "keys"], []); some key in _keys[id]]
	count(primaries) > 0
]

# A document of another program may repeat an ID.
_keys[key.id] contains key if some key in input.keys

# METADATA
# description: "Returns the truth about the primary of a replica from the truths about each key that may be its primary."
agreement(replica, truths) := truth.no if {
	truths == {truth.no}
} else := truth.yes if {
	truths == {truth.yes}
} else := truth.unknown(truth.causes(truths) | causes.reference(replica.primary)) if {
	truths[truth.yes]
	truths[truth.no]
} else := truth.unknown(truth.causes(truths))

# METADATA
# description: Returns the resources that may be the primary. Variants of one resource have one name.
name(primaries) := concat(" or ", sort({primary.resource | some primary in primaries}))

# METADATA
# description: "Returns the Region in the ARN of a key, or an empty string if the ARN does not name one."
region_in(text) := concat("", [found[1] |
	some found in regex.find_all_string_submatch_n(`^arn:(?:⟨[^⟩]*⟩|[^:⟨])+:kms:([a-z]{2}[a-z0-9-]*-[0-9]):(?:⟨[^⟩]*⟩|[^:⟨])*:key/`, text, 1)
]) if {
	is_string(text)
} else := ""
