package kms.lib.rotation_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.rotation
import data.kms.lib.truth

_cases := {
	"a plain key": {"properties": {}, "want": truth.yes},
	"an RSA key": {
		"properties": {"spec": "RSA_2048"},
		"want": truth.no,
		"obstacle": "its spec is RSA_2048",
	},
	"a signing key": {
		"properties": {"usage": "SIGN_VERIFY"},
		"want": truth.no,
		"obstacle": "its usage is SIGN_VERIFY",
	},
	"imported material": {
		"properties": {"origin": "EXTERNAL"},
		"want": truth.no,
		"obstacle": "its origin is EXTERNAL",
	},
	"a custom key store": {
		"properties": {"customKeyStore": true, "origin": "AWS_CLOUDHSM"},
		"want": truth.no,
		"obstacle": "it is in a custom key store",
	},
	"unknown spec": {"properties": {"spec": fixture.unknown("var.spec")}, "want": "unknown"},
	"unknown usage": {"properties": {"usage": fixture.unknown("var.usage")}, "want": "unknown"},
	"unknown origin": {"properties": {"origin": fixture.unknown("var.origin")}, "want": "unknown"},
	"unknown store": {"properties": {"customKeyStore": fixture.unknown("var.store")}, "want": "unknown"},
	"unknown spec of a signing key": {
		"properties": {"spec": fixture.unknown("var.spec"), "usage": "SIGN_VERIFY"},
		"want": truth.no,
		"obstacle": "its usage is SIGN_VERIFY",
	},
}

test_possible[note] if {
	some note, tc in _cases
	fixture.verdict(rotation.possible(fixture.key_of(tc.properties).properties)) == tc.want
}

test_obstacle[note] if {
	some note, tc in {note: tc | some note, tc in _cases; tc.obstacle}
	fixture.verdict(rotation.obstacle(fixture.key_of(tc.properties))) == tc.obstacle
}

test_obstacle_of_a_replica if {
	rotation.obstacle(fixture.replica_of("key")) == "it is a replica, which rotates with its primary"
}
