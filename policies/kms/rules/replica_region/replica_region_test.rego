package kms.rules.replica_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_region as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_in(region, name) := object.union(fixture.replica_of("key"), {"id": name, "resource": name, "region": region})

test_fails if {
	_fail(fixture.document([fixture.key_of({}), _in("eu-west-1", "a")], [])) == {"The replica stands in eu-west-1, the Region of its primary aws_kms_key.main."}
	two := fixture.document([fixture.key_of({}), _in("eu-central-1", "a"), _in("eu-central-1", "b")], [])
	_fail(two) == {"The replica stands in eu-central-1, as does the replica a of the same primary."}
}

test_passes[note] if {
	some note, keys in {
		"another Region": [fixture.key_of({}), _in("eu-central-1", "a"), _in("eu-central-2", "b")],
		"Region not known": [fixture.key_of({}), _in(fixture.unknown("var.region"), "a"), _in(fixture.unknown("var.region"), "b")],
		"of different primaries": [_in("eu-central-1", "a"), object.union(fixture.replica_of("other"), {"id": "b", "resource": "b"})],
		"primary outside": [object.union(_in("eu-central-1", "a"), {"primary": {"text": "x", "keys": []}})],
	}
	_fail(fixture.document(keys, [])) | _unknown(fixture.document(keys, [])) == set()
}
