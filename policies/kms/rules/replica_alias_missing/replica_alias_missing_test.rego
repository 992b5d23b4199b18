package kms.rules.replica_alias_missing_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_alias_missing as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_keys := [fixture.key_of({}), fixture.replica_of("key")]

_of_primary := fixture.alias("alias/orders", ["key"])

test_fails if {
	_fail(fixture.document(_keys, [_of_primary])) == {"The primary key has an alias, but the replica has none: AWS KMS does not replicate aliases."}
}

test_passes[note] if {
	some note, document in {
		"both": fixture.document(_keys, [_of_primary, object.union(fixture.alias("alias/orders", ["replica"]), {"id": "second"})]),
		"neither": fixture.document(_keys, []),
		"existing replica of a change set": fixture.document([fixture.key_of({}), object.union(fixture.replica_of("key"), {"change": {"actions": ["update"], "partialInput": true}})], [_of_primary]),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	document := fixture.document(_keys, [_of_primary, object.union(fixture.alias("alias/x", []), {"id": "second"})])
	_fail(document) == set()
	_unknown(document) == {"Cannot tell whether the primary key has an alias and the replica has none: `aws_kms_key.main.key_id` is known only after apply."}
}

test_of_several_primaries if {
	keys := [
		fixture.key_of({}),
		object.union(fixture.key_of({}), {"id": "second"}),
		object.union(object.remove(fixture.replica_of("x"), ["primary"]), {"primary": {"text": fixture.unknown("local.primary"), "keys": ["key", "second"]}}),
	]
	_fail(fixture.document(keys, [_of_primary])) == set()
	count(_unknown(fixture.document(keys, [_of_primary]))) == 1
	both := [_of_primary, object.union(fixture.alias("alias/refunds", ["second"]), {"id": "other"})]
	count(_fail(fixture.document(keys, both))) == 1
}
