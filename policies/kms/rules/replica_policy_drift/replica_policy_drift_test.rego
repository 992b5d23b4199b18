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

_statement(action, principal) := json.marshal({"Action": [action], "Effect": ["Allow"], "Principal": {"AWS": [principal]}})

_read := _statement("kms:Decrypt", "arn:aws:iam::111122223333:role/app")

test_fails_where_the_unknown_parts_cannot_be_the_difference[note] if {
	some note, ours in {
		"another action": {_statement("kms:Encrypt", "⟨var.app⟩")},
		"one more": {_statement("kms:Decrypt", "⟨var.app⟩"), _statement("kms:Encrypt", "111122223333")},
	}
	count(_fail(_document({_read}, ours))) == 1
	_unknown(_document({_read}, ours)) == set()
}

test_unknown[note] if {
	some note, ours in {
		"the same with a part that is not known": {_statement("kms:Decrypt", "⟨var.app⟩")},
		"nothing of it is known": {`["⟨var.statement⟩"]`},
	}
	_fail(_document({_read}, ours)) == set()
	_fail(_document(ours, {_read})) == set()
	_unknown(_document({_read}, ours)) == {"Whether the policy of the replica is that of its primary aws_kms_key.main is not known: they differ in parts that are not known."}
}

test_unknown_on_both_sides if {
	document := _document(["a⟨var.x⟩"], ["a⟨var.y⟩"])
	_fail(document) == set()
	count(_unknown(document)) == 1
}
