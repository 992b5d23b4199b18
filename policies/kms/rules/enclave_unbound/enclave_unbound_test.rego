package kms.rules.enclave_unbound_test

import data.kms.lib.enclaves_test as enclave
import data.kms.lib.fixture_test as fixture
import data.kms.rules.enclave_unbound as rule

_allow(conditions) := fixture.allow([enclave.role], ["kms:Decrypt"], conditions)

_names(operator, key, values) := enclave.condition(operator, key, values)

_role := _names("StringEqualsIgnoreCase", "PCR3", [enclave.hash])

_document(conditions, more) := fixture.document_with(array.concat([_allow(conditions)], more))

test_fails[note] if {
	some note, document in {
		"the role": _document([_role], []),
		"the instance": _document([_names("StringEquals", "PCR4", [enclave.hash])], []),
		"any image": _document([_names("StringLike", "PCR0", ["*"])], []),
		"any document": _document([_names("Null", "ImageSha384", ["false"])], []),
		"all images except one": _document([_names("StringNotEquals", "PCR0", [enclave.hash])], []),
		"a Deny of another role": _document([_role], [fixture.deny([fixture.everyone], ["kms:*"], [_names("StringNotEquals", "PCR3", [enclave.hash])])]),
		"a Deny of an image": _document([_role], [fixture.deny([fixture.everyone], ["kms:*"], [_names("StringEquals", "PCR0", [enclave.hash])])]),
		"a Deny of no image": _document([_role], [fixture.deny([fixture.everyone], ["kms:*"], [_names("StringNotLike", "PCR0", ["*"])])]),
	}
	count(rule.fail) == 1 with input as document
	rule.unknown == set() with input as document
}

test_passes[note] if {
	some note, document in {
		"the image": _document([_names("StringEquals", "ImageSha384", [enclave.hash])], []),
		"the role and its certificate": _document([_role, _names("StringEqualsIgnoreCase", "PCR8", [enclave.hash])], []),
		"a pattern": _document([_names("StringLike", "PCR1", ["00ff*"])], []),
		"an unknown image": _document([_names("StringEquals", "PCR0", [fixture.whole("var.pcr0")])], []),
		"an instance, by its NitroTPM": _document([_names("StringEquals", "NitroTPMPCR4", [enclave.hash])], []),
		"a Deny of all other images": _document([_role], [fixture.deny([fixture.everyone], ["kms:*"], [_names("StringNotEqualsIgnoreCase", "PCR0", [enclave.hash])])]),
		"a Deny of all other images for one action": _document([_role], [fixture.deny([fixture.everyone], ["kms:Decrypt"], [_names("StringNotEqualsIgnoreCase", "PCR0", [enclave.hash])])]),
		"an action without attestation": fixture.document_with([fixture.allow([enclave.role], ["kms:Encrypt"], [_role])]),
		"no attestation": _document([], []),
	}
	rule.fail | rule.unknown == set() with input as document
}

test_unknown if {
	document := _document([_names("StringLike", "PCR8", [fixture.whole("var.pcr8")])], [])
	{finding.message | some finding in rule.unknown} == {"Cannot tell whether statement 1 accepts any enclave image: `var.pcr8` is unknown."} with input as document
	rule.fail == set() with input as document
}

test_partial_policies_are_never_unknown if {
	statement := _allow([_names("StringLike", "PCR8", [fixture.whole("var.pcr8")])])
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
