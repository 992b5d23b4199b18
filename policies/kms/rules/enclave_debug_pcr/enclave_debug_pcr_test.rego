package kms.rules.enclave_debug_pcr_test

import data.kms.lib.enclaves_test as enclave
import data.kms.lib.fixture_test as fixture
import data.kms.rules.enclave_debug_pcr as rule

_allow(conditions) := fixture.allow([enclave.role], ["kms:Decrypt"], conditions)

_deny(conditions) := fixture.deny([fixture.everyone], ["kms:*"], conditions)

_names(operator, key, values) := enclave.condition(operator, key, values)

test_fails[note] if {
	some note, statement in {
		"zeros": _allow([_names("StringEqualsIgnoreCase", "PCR0", [enclave.zeros])]),
		"zeros for the image": _allow([_names("StringEquals", "ImageSha384", [enclave.hash, enclave.zeros])]),
		"a pattern": _allow([_names("StringLike", "PCR0", ["0*"])]),
		"any value": _allow([_names("Null", "PCR0", ["false"])]),
		"all other values": _allow([_names("StringNotEquals", "PCR0", [enclave.hash])]),
		"a Deny of all others": _deny([_names("StringNotEqualsIgnoreCase", "PCR0", [enclave.hash, enclave.zeros])]),
	}
	document := fixture.document_with([statement])
	count(rule.fail) == 1 with input as document
	rule.unknown == set() with input as document
}

test_passes[note] if {
	some note, statement in {
		"a hash": _allow([_names("StringEqualsIgnoreCase", "PCR0", [enclave.hash])]),
		"zeros for another PCR": _allow([_names("StringEquals", "PCR4", [enclave.zeros])]),
		"zeros and a hash": _allow([_names("StringEquals", "PCR0", [enclave.zeros]), _names("StringLike", "ImageSha384", [enclave.hash])]),
		"any value and a hash": _allow([_names("Null", "PCR0", ["false"]), _names("StringEquals", "PCR0", [enclave.hash])]),
		"a hash with an unknown part": _allow([_names("StringEquals", "PCR0", [fixture.part("00ab⟨var.rest⟩")])]),
		"an operator for numbers": _allow([_names("NumericEquals", "PCR0", ["0"])]),
		"another action": fixture.allow([enclave.role], ["kms:Encrypt"], [_names("StringEquals", "PCR0", [enclave.zeros])]),
		"a Deny of zeros": _deny([_names("StringEquals", "PCR0", [enclave.zeros])]),
		"a Deny of all but a hash": _deny([_names("StringNotEquals", "PCR0", [enclave.hash])]),
	}
	document := fixture.document_with([statement])
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"value": {"statement": _allow([_names("StringEquals", "PCR0", [fixture.whole("var.pcr0")])]), "why": "`var.pcr0` is unknown"},
		"part": {"statement": _allow([_names("StringEquals", "PCR0", [fixture.part("000⟨var.pcr0⟩")])]), "why": "`000⟨var.pcr0⟩` is known only after apply"},
		"presence": {"statement": _allow([_names("Null", "PCR0", [fixture.whole("var.null")])]), "why": "`var.null` is unknown"},
		"value of a Deny": {"statement": _deny([_names("StringNotEquals", "PCR0", [fixture.whole("var.pcr0")])]), "why": "`var.pcr0` is unknown"},
		"effect": {
			"statement": object.union(
				_allow([_names("StringEquals", "PCR0", [enclave.zeros])]),
				{"effect": fixture.unknown("var.effect")},
			),
			"why": fixture.causes.effect,
		},
	}
	document := fixture.document_with([tc.statement])
	{finding.message | some finding in rule.unknown} == {$"Cannot tell whether statement 1 accepts an enclave in debug mode: {tc.why}."} with input as document
	rule.fail == set() with input as document
}

test_partial_policies_are_never_unknown if {
	statement := _allow([_names("StringEquals", "PCR0", [fixture.whole("var.pcr0")])])
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
