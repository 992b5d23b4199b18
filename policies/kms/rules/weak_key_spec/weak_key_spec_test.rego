package kms.rules.weak_key_spec_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.weak_key_spec as rule

_fail(settings) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_of(settings)
}

_unknown(settings) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_of(settings)
}

test_fails if {
	_fail({"spec": "RSA_2048"}) == {"The key encrypts with RSA of 2048 bits."}
}

test_passes[note] if {
	some note, settings in {
		"symmetric": {},
		"longer": {"spec": "RSA_3072"},
		"signatures": {"spec": "RSA_2048", "usage": "SIGN_VERIFY"},
		"signatures of an unknown spec": {"spec": fixture.unknown("var.spec"), "usage": "SIGN_VERIFY"},
	}
	_fail(settings) | _unknown(settings) == set()
}

test_unknown[note] if {
	some note, settings in {
		"spec": {"spec": fixture.unknown("var.x")},
		"usage": {"spec": "RSA_2048", "usage": fixture.unknown("var.x")},
	}
	_fail(settings) == set()
	_unknown(settings) == {"Whether the key encrypts with RSA of 2048 bits is not known: `var.x` is not known: known only after apply."}
}
