package kms.rules.replica_policy_drift_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_policy_drift as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_policy(texts) := {"state": "resolved", "statements": [], "problems": [], "location": fixture.at("/policy"), "canonical": texts}

_document(theirs, ours) := fixture.document(
	[object.union(fixture.key_of({}), {"policy": _policy(theirs)}), object.union(fixture.replica_of("key"), {"policy": _policy(ours)})],
	[],
)

test_fails if {
	_fail(_document(["a", "b"], ["a", "c"])) == {"The policy of the replica is not that of its primary aws_kms_key.main: 2 statements stand in one of the two only."}
	count(_fail(_document(["a"], ["a", "x⟨region⟩"]))) == 1
}

test_passes[note] if {
	some note, document in {
		"equal": _document(["a", "b"], ["b", "a"]),
		"no policy of its own": fixture.document([fixture.key_of({}), fixture.replica_of("key")], []),
		"primary outside": fixture.document([object.union(fixture.replica_of("other"), {"policy": _policy(["a"])})], []),
	}
	_fail(document) | _unknown(document) == set()
}

test_ignored if {
	findings := rule.fail with input as _document(["a"], ["b"]) with data.keywarden.settings as {"replica_policy_drift": {"ignore": ["aws_kms_replica_key.*"]}}
	findings == set()
}

test_unknown if {
	document := _document(["a⟨var.x⟩"], ["a⟨var.y⟩"])
	_fail(document) == set()
	_unknown(document) == {"Whether the policy of the replica is that of its primary aws_kms_key.main is not known: they differ in parts that are not known."}
}
