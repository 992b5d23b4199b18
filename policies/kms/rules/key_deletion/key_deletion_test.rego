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
	_fail(_removal("key")) == {"The key is deleted: after the waiting period nobody can decrypt what it encrypted."}
	_fail(_removal("replica")) == {"The replica is deleted: after the waiting period its Region can no longer decrypt what the key encrypted."}
}

test_passes if {
_fail(fixture.document_of({})) | _unknown(fixture.document_of({})) == set()}

test_approved if {
	findings := rule.fail with input as _removal("key") with data.keywarden.settings as {"key_deletion": {"approved": ["aws_kms_key.o*"]}}
	findings == set()
}
