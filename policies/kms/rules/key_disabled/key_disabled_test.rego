package kms.rules.key_disabled_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_disabled as rule

_fail(properties) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_of(properties)
}

_unknown(properties) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_of(properties)
}

test_fails if {
	_fail({"enabled": false}) == {"The key is disabled, so AWS KMS rejects cryptographic operations that use it."}
}

test_passes[note] if {
	some note, properties in {
		"enabled": {"enabled": true},
		"before the import": {"enabled": false, "origin": "EXTERNAL"},
		"enabled, of an unknown origin": {"origin": fixture.unknown("var.origin")},
	}
	_fail(properties) | _unknown(properties) == set()
}

test_fails_a_replica if {
	replica := fixture.replica_of("key")
	disabled := object.union(replica, {"properties": {"enabled": false}})
	findings := rule.fail with input as fixture.document([disabled], [])
	{finding.message | some finding in findings} == {"The key is disabled, so AWS KMS rejects cryptographic operations that use it."}
}

test_passes_a_replica_before_the_import[type] if {
	some type in ["aws_kms_replica_external_key", "kms.aws.upbound.io/ReplicaExternalKey"]
	replica := object.union(fixture.replica_of("key"), {"type": type})
	document := fixture.document([object.union(replica, {"properties": {"enabled": false}})], [])
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_unknown[note] if {
	some note, example in {
		"enabled": [{"enabled": fixture.unknown("var.on")}, "`var.on` is known only after apply"],
		"origin": [{"enabled": false, "origin": fixture.unknown("var.origin")}, "`var.origin` is known only after apply"],
	}
	_fail(example[0]) == set()
	_unknown(example[0]) == {$"Cannot tell whether the key is disabled: {example[1]}."}
}
