package kms.rules.replica_policy_drift_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_policy_drift as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_policy(texts) := {"state": "resolved", "statements": [], "problems": [], "location": fixture.at("/policy"), "canonical": [_canonical(text) | some text in texts]}

# Values other than objects are lists.
_canonical(text) := text if regex.match(`^[{\[]`, text)

else := json.marshal([text])

_document(theirs, ours) := fixture.document(
	[object.union(fixture.key_of({}), {"policy": _policy(theirs)}), object.union(fixture.replica_of("key"), {"policy": _policy(ours)})],
	[],
)

test_fails if {
	_fail(_document(["a", "b"], ["a", "c"])) == {"The replica's key policy differs from that of its primary key aws_kms_key.main: 2 statements are in only one of the two policies."}
	_fail(_document(["a"], ["a", "x⟨region⟩"])) == {"The replica's key policy differs from that of its primary key aws_kms_key.main: 1 statement is in only one of the two policies."}
}

# A replica of one of several keys.
_several(first, second, ours) := fixture.document(
	[
		object.union(fixture.key_of({}), {"policy": _policy(first)}),
		object.union(fixture.key_of({}), {"id": "second", "resource": "second", "policy": _policy(second)}),
		object.union(object.remove(fixture.replica_of("x"), ["primary"]), {
			"primary": {"text": fixture.unknown("local.primary"), "keys": ["key", "second"]},
			"policy": _policy(ours),
		}),
	],
	[],
)

test_of_several_primaries if {
	count(_fail(_several(["a"], ["b"], ["c"]))) == 1
	_fail(_several(["a"], ["b"], ["a"])) == set()
	_unknown(_several(["a"], ["b"], ["a"])) == {"Cannot tell whether the replica's key policy matches that of its primary key aws_kms_key.main or second: `local.primary` is known only after apply."}
}

test_fails_if_fewer_unknown_statements_than_missing_ones_are_left if {
	count(_fail(_document(["x⟨var.a⟩"], ["xa", "xb"]))) == 1
	count(_unknown(_document(["x⟨var.a⟩"], ["xa"]))) == 1
	_fail(_document(["x⟨var.a⟩"], ["xa"])) == set()
	count(_fail(_document(["x⟨var.a⟩", "y"], ["xa", "xb", "y⟨var.b⟩"]))) == 1
}

test_passes_policies_that_are_not_resolved[state] if {
	some state in ["partial", "unresolved", "unreadable"]
	document := _document(["a"], ["b"])
	every i in [0, 1] {
		keys := [object.union(key, {"policy": object.union(key.policy, {"state": _state(i == n, state)})}) | some n, key in document.keys]
		changed := object.union(document, {"keys": keys})
		_fail(changed) | _unknown(changed) == set()
	}
}

_state(changed, state) := state if changed

else := "resolved"

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

test_not_ignored if {
	config := {"replica_policy_drift": {"ignore": ["aws_kms_replica_key.[m]ain"]}}
	findings := rule.fail with input as _document(["a"], ["b"]) with data.keywarden.settings as config
	count(findings) == 1
}

test_fails_next_to_unknown_parts if {
	count(_fail(_document(["a⟨var.x⟩", "b"], ["a⟨var.x⟩", "c"]))) == 1
	count(_fail(_document(["a⟨var.x⟩"], ["b"]))) == 1
	count(_fail(_document(["b"], ["a⟨var.x⟩z"]))) == 1
}

_statement(action, principal) := _stating({"Action": [action], "Principal": {"AWS": [principal]}})

_stating(elements) := json.marshal(object.union({"Effect": ["Allow"]}, elements))

_app := "arn:aws:iam::111122223333:role/app"

_read := _statement("kms:Decrypt", _app)

test_fails_if_the_unknown_parts_cannot_be_the_difference[note] if {
	some note, ours in {
		"another action": {_statement("kms:Encrypt", "⟨var.app⟩")},
		"one more": {_statement("kms:Decrypt", "⟨var.app⟩"), _statement("kms:Encrypt", "111122223333")},
		"more statements than unknown ones": {_statement("kms:Decrypt", "⟨var.app⟩"), _statement("kms:Decrypt", "arn:aws:iam::111122223333:role/b"), _statement("kms:Decrypt", "arn:aws:iam::111122223333:role/c")},
		"an action more next to the unknown part": {_stating({"Action": ["kms:Decrypt", "kms:Encrypt"], "Principal": {"AWS": ["⟨var.app⟩"]}})},
		"another name next to the unknown account": {_statement("kms:Decrypt", "arn:aws:iam::⟨var.account⟩:role/job")},
		"a condition": {_stating({"Action": ["kms:Decrypt"], "Condition": {"StringEquals": {"kms:CallerAccount": ["⟨var.account⟩"]}}, "Principal": {"AWS": [_app]}})},
	}
	count(_fail(_document({_read}, ours))) == 1
	count(_fail(_document(ours, {_read}))) == 1
	_unknown(_document({_read}, ours)) == set()
}

test_fails_if_the_statement_with_the_unknown_part_allows_less if {
	both := _stating({"Action": ["kms:Decrypt", "kms:Encrypt"], "Principal": {"AWS": [_app]}})
	count(_fail(_document({both}, {_statement("kms:Decrypt", "⟨var.app⟩")}))) == 1
}

test_unknown[note] if {
	some note, document in {
		"unknown parts on both sides": _document(["a⟨var.x⟩"], ["a⟨var.y⟩"]),
		"the primary's unknown part may be what the replica has": _document(["[\"a⟨var.x⟩\"]"], ["[\"a1\"]"]),
		"the replica's unknown part may be what the primary has": _document(["a1", "b"], ["a⟨var.x⟩", "b"]),
	}
	_fail(document) == set()
	_names_an_unknown_part(_unknown(document))
}

test_unknown_on_whichever_side[note] if {
	some note, ours in {
		"the same with a part that is not known": {_statement("kms:Decrypt", "⟨var.app⟩")},
		"a part of a text": {_statement("kms:Decrypt", `arn:aws:iam::⟨var.ids["app"]⟩:role/app`)},
		"elsewhere in the order": {_stating({"Action": ["kms:Decrypt"], "Principal": {"AWS": [_app, "⟨var.apps⟩"]}})},
		"several in the place of one": {_stating({"Action": ["kms:Decrypt"], "Principal": ["⟨var.principals⟩"]})},
		"an element": {_stating({"Action": ["kms:Decrypt"], "Condition": ["⟨var.condition⟩"], "Principal": {"AWS": [_app]}})},
		"nothing of it is known": {`["⟨var.statement⟩"]`},
	}
	_fail(_document({_read}, ours)) == set()
	_fail(_document(ours, {_read})) == set()
	_names_an_unknown_part(_unknown(_document({_read}, ours)))
}

_names_an_unknown_part(messages) if {
	count(messages) == 1
	some message in messages
	startswith(message, "Cannot tell whether the replica's key policy matches that of its primary key aws_kms_key.main: `var.")
	endswith(message, " is unknown.")
}
