package kms.rules.key_deletion_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_deletion as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_removal(kind) := object.union(fixture.document([], []), {"removals": [{
	"id": "gone",
	"resource": "aws_kms_key.old",
	"type": "aws_kms_key",
	"scope": "plan",
	"location": fixture.at("/gone"),
	"locations": {},
	"defaults": [],
	"kind": kind,
	"change": {"actions": ["delete"]},
}]})

test_fails if {
	_fail(_removal("key")) == {"The change deletes the key: after the waiting period, AWS KMS cannot decrypt data encrypted under the old key."}
	_fail(_removal("replica")) == {"The change deletes the replica: after the waiting period, AWS KMS cannot use the old replica to decrypt data in its Region."}
}

_replaced(key) := fixture.document(
	[object.union(
		key,
		{"change": {"actions": ["delete", "create"], "before": {"spec": "SYMMETRIC_DEFAULT"}}},
	)],
	[],
)

test_fails_a_replacement if {
	_fail(_replaced(fixture.key_of({}))) == {"The change replaces (deletes and recreates) the key: after the waiting period, AWS KMS cannot decrypt data encrypted under the old key."}
	_fail(_replaced(fixture.replica_of("key"))) == {"The change replaces (deletes and recreates) the replica: after the waiting period, AWS KMS cannot use the old replica to decrypt data in its Region."}
}

test_fails_if_the_reason_for_a_replacement_is_unknown if {
	count(_fail(_replaced(fixture.key_of({"spec": fixture.unknown("var.spec")})))) == 1
}

test_passes[note] if {
	some note, document in {
		"no change": fixture.document_of({}),
		"a replacement that immutable_change reports": _replaced(fixture.key_of({"spec": "RSA_2048"})),
		"an update": fixture.document([object.union(fixture.key_of({}), {"change": {"actions": ["update"]}})], []),
		"the old one is retained": fixture.document([object.union(fixture.key_of({}), {"change": {"actions": ["create", "forget"]}})], []),
	}
	_fail(document) | _unknown(document) == set()
}

test_approved[pattern] if {
	some pattern in ["aws_kms_key.o*", "*", "aws_kms_key.old"]
	config := {"key_deletion": {"approved": ["other", pattern]}}
	findings := rule.fail with input as _removal("key") with data.keywarden.settings as config
	findings == set()
}

test_approved_replacement if {
	config := {"key_deletion": {"approved": ["aws_kms_key.main"]}}
	findings := rule.fail with input as _replaced(fixture.key_of({})) with data.keywarden.settings as config
	findings == set()
}
