package kms.rules.weak_key_spec_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.weak_key_spec as rule

_fail(properties) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_of(properties)
}

_unknown(properties) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_of(properties)
}

test_fails if {
	_fail({"spec": "RSA_2048"}) == {"Key spec for encryption is RSA_2048; the recommended minimum is RSA_3072."}
}

test_passes[note] if {
	some note, properties in {
		"symmetric": {},
		"longer": {"spec": "RSA_3072"},
		"signatures": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"},
		"signatures of an unknown spec": {"spec": fixture.unknown("var.spec"), "usage": "SIGN_VERIFY"},
	}
	_fail(properties) | _unknown(properties) == set()
}

test_unknown[note] if {
	some note, properties in {
		"spec": {"spec": fixture.unknown("var.x")},
		"usage": {"spec": "RSA_2048", "usage": fixture.unknown("var.x")},
	}
	_fail(properties) == set()
	_unknown(properties) == {"Cannot tell whether the key encrypts with RSA_2048: `var.x` is known only after apply."}
}
