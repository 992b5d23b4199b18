package kms.rules.key_material_in_code_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_material_in_code as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_secret(literal) := object.union(fixture.document([], []), {"secrets": [{
	"id": "secret",
	"resource": "aws_kms_external_key.main",
	"type": "aws_kms_external_key",
	"scope": "plan",
	"location": fixture.at("/secret"),
	"locations": {},
	"defaults": [],
	"argument": "key_material_base64",
	"literal": literal,
}]})

test_fails if {
	_fail(_secret(true)) == {"The code contains the value of key_material_base64; it must come from a sensitive variable or a write-only argument."}
}

test_passes if {
	_fail(_secret(false)) == set()
	_unknown(_secret(false)) == set()
}

test_unknown if {
	_fail(_secret(fixture.unknown("local.material"))) == set()
	_unknown(_secret(fixture.unknown("local.material"))) == {"Cannot tell whether the code contains the value of key_material_base64: `local.material` is known only after apply."}
}
