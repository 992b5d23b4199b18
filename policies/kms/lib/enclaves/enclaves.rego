# METADATA
# title: Attestation of Nitro Enclaves
# description: "Which conditions require an attestation document, and which enclaves they accept."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-attestation.html
package kms.lib.enclaves

import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.truth

# METADATA
# description: "Actions that return plaintext, or a data key in plaintext, to an enclave with an attestation document."
attested_actions := {"Decrypt", "DeriveSharedSecret", "GenerateDataKey", "GenerateDataKeyPair", "GenerateRandom"}

# METADATA
# description: "Condition keys for PCR0, the measurement of the enclave image."
image_keys := {"kms:recipientattestation:imagesha384", "kms:recipientattestation:pcr0"}

# PCR1 and PCR2 measure parts of the image; PCR8 is the certificate that signed it.
# https://docs.aws.amazon.com/enclaves/latest/user/set-up-attestation.html
_binding_keys := image_keys | {
	"kms:recipientattestation:pcr1",
	"kms:recipientattestation:pcr2",
	"kms:recipientattestation:pcr8",
}

_positive := {"StringEquals", "StringEqualsIgnoreCase", "StringLike"}

_negated := {"StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike"}

_like := {"StringLike", "StringNotLike"}

# METADATA
# description: Returns the conditions of a statement on attestation documents.
conditions(statement) := [c | some c in statement.conditions; startswith(c.key, "kms:recipientattestation:")]

# METADATA
# description: "Returns the conditions of a statement on the attestation documents of enclaves. NitroTPM attests EC2 instances."
of_enclaves(statement) := [c |
	some c in conditions(statement)
	not startswith(c.key, "kms:recipientattestation:nitrotpm")
]

# METADATA
# description: "Returns the attested actions that a statement with an effect on the key covers, or may cover."
actions(statement, effect) := [action |
	policy.has_effect(statement, effect) != truth.no
	some action in array.concat(statement.covers, statement.mayCover)
	action in attested_actions
]

# METADATA
# description: "Holds if a statement has a condition on attestation documents other than their absence."
expects_attestation(statement) if {
	some c in conditions(statement)
	not _is_absence(c)
}

_is_absence(c) if {
	c.operator == "Null"
	_is_null(c, "true") == truth.yes
}

# METADATA
# description: Returns the truth of a statement refusing requests without an attestation document.
requires_attestation(statement) := truth.any_of({_requires(c) | some c in statement.conditions})

_requires(c) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := truth.no if {
	not startswith(c.key, "kms:recipientattestation:")
} else := _is_null(c, "false") if {
	c.operator == "Null"
} else := truth.yes if {
	c.presenceRequired
} else := truth.no if {
	# IfExists, ForAllValues and negated operators also match requests without the condition key.
	not c.operator in _positive
} else := truth.no if {
	c.ifExists
} else := truth.from(object.get(c, "set", "none") != "ForAllValues")

# METADATA
# description: "Returns the truth of a Deny refusing requests of a principal without an attestation document."
denies_unattested(deny, principal) := truth.every_of({_matches_unattested(c, principal) | some c in deny.conditions})

_matches_unattested(c, _) := truth.unknown(causes.condition(c)) if {
	c.operator == "Unknown"
} else := _is_null(c, "true") if {
	startswith(c.key, "kms:recipientattestation:")
	c.operator == "Null"
} else := truth.from(_holds_without_key(c)) if {
	startswith(c.key, "kms:recipientattestation:")
}

_matches_unattested(c, principal) := truth.from(_names(c, principal)) if {
	c.operator != "Unknown"
	not startswith(c.key, "kms:recipientattestation:")
}

_holds_without_key(c) if {
	c.operator in _negated
} else if {
	c.ifExists
} else := false

_names(c, principal) if {
	c.key == "aws:principalarn"
	c.operator in {"StringEquals", "StringLike", "ArnEquals", "ArnLike"}
	some v in c.values
	glob.match(v.text, [], principal.text)
} else := false

_is_null(c, wanted) := truth.every_of({_is_text(v, wanted) | some v in c.values})

_is_text(v, wanted) := truth.unknown(causes.condition_value(v)) if {
	v.unknown
} else := truth.from(lower(v.text) == wanted)

# METADATA
# description: "Returns the truth of a condition accepting the PCRs of an enclave in debug mode, which consist of zeros."
accepts_zeros(c) := _is_null(c, "false") if {
	# Null tests only whether the request has an attestation document.
	c.operator == "Null"
} else := truth.negate(names_zeros(c)) if {
	c.operator in _negated
} else := names_zeros(c) if {
	c.operator in _positive
} else := truth.no

# METADATA
# description: "Returns the truth of a value of a condition matching a PCR of zeros."
names_zeros(c) := truth.any_of({_is_zeros(c, v) | some v in c.values})

_is_zeros(c, v) := truth.no if {
	v.unknown
	regex.match(`(^|⟩)0*[^0⟨⟩]`, v.text)
	not c.operator in _like
} else := truth.unknown(causes.condition_value(v)) if {
	v.unknown
} else := truth.from(glob.match(v.text, [], _zeros)) if {
	c.operator in _like
} else := truth.from(regex.match(`^0+$`, v.text))

_zeros := concat("", ["0" | some _ in numbers.range(1, 96)])

# METADATA
# description: "Holds if an operator is negated, so that a condition of a Deny exempts the values that it names."
is_negated(c) if c.operator in _negated

# METADATA
# description: "Returns the truth of a condition accepting only certain enclave images, or images with a certain signature."
binds(c) := truth.no if {
	not c.key in _binding_keys
} else := truth.no if {
	not c.operator in _positive
} else := truth.yes if {
	not c.operator in _like
} else := truth.every_of({_restricts(v) | some v in c.values})

# METADATA
# description: "Returns the truth of a Deny refusing all enclaves except certain images."
denies_unbound(c) := truth.no if {
	not c.key in _binding_keys
} else := truth.no if {
	not is_negated(c)
} else := truth.yes if {
	not c.operator in _like
} else := truth.every_of({_restricts(v) | some v in c.values})

_restricts(v) := truth.unknown(causes.condition_value(v)) if {
	object.get(v, "unknown", "") == "whole"
} else := truth.from(regex.match(`[^*?]`, v.text))
