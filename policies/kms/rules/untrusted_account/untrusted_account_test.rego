package kms.rules.untrusted_account_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.untrusted_account as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_trusting(statements, trusted) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
		with data.keywarden.settings as {"trust": trusted}
}

_unsure(statements, trusted) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
		with data.keywarden.settings as {"trust": trusted}
}

_reader := fixture.allow([fixture.role(fixture.other, "reader")], ["kms:Decrypt"], [])

_everyone(callers) := fixture.reaching(
	fixture.allow([fixture.everyone], ["kms:Decrypt"], []),
	{"beyondOwner": true, "callers": callers},
)

_account(id) := {"text": id, "account": id, "relation": fixture.relation(id)}

_partner := _account(fixture.other)

_own := _account(fixture.owner)

_trusted := _account("777788889999")

_list := {"accounts": ["777788889999"], "organizations": ["o-1234567890"]}

test_does_not_run_without_a_list if {
	_fail([_reader]) == set()
	_unknown([_reader]) == set()
}

test_fails[note] if {
	some note, tc in {
		"a principal": {"statement": _reader, "want": "arn:aws:iam::444455556666:role/reader"},
		"a principal in another organization": {
			"statement": fixture.reaching(_reader, {"beyondOwner": true, "callers": [{"accounts": [_partner], "organizations": ["o-other12345"]}]}),
			"want": "arn:aws:iam::444455556666:role/reader",
		},
		"an account": {"statement": _everyone([{"accounts": [_partner]}]), "want": "444455556666"},
		"one of several accounts": {
			"statement": _everyone([{"accounts": [_own, _trusted, _partner]}]),
			"want": "444455556666",
		},
		"an organization": {"statement": _everyone([{"organizations": ["o-other12345"]}]), "want": "o-other12345"},
		"an account or an organization": {
			"statement": _everyone([{"accounts": [_partner]}, {"organizations": ["o-1234567890"]}]),
			"want": "444455556666",
		},
		"one of several organizations": {
			"statement": _everyone([{"organizations": ["o-1234567890", "o-other12345"]}]),
			"want": "o-other12345",
		},
		"one of several conditions": {
			"statement": _everyone([{"accounts": [_trusted]}, {"organizations": ["o-1234567890"], "accounts": [_account("999988887777")]}, {"accounts": [_partner]}]),
			"want": "444455556666",
		},
		"everyone who meets other conditions": {"statement": _everyone([]), "want": "everyone who meets the conditions"},
	}
	_trusting([tc.statement], _list) == {$"Statement 1 allows access from {tc.want}, which the configured trust list does not include."}
}

test_passes[note] if {
	some note, statement in {
		"a trusted account": fixture.allow([fixture.root("777788889999")], ["kms:Decrypt"], []),
		"everyone in a trusted account": _everyone([{"accounts": [_own, _trusted]}]),
		"everyone in a trusted organization": _everyone([{"organizations": ["o-1234567890"]}]),
		"everyone in a part of it": _everyone([{"organizations": ["o-1234567890/r-ab12/ou-ab12-11111111"]}]),
		"a principal within it": fixture.reaching(_reader, {"beyondOwner": true, "callers": [{"accounts": [_partner], "organizations": ["o-1234567890"]}]}),
		"own account": fixture.statement({}),
		"everyone in the own account": fixture.reaching(
			fixture.allow([fixture.everyone], ["kms:Decrypt"], []),
			{"owner": true, "callers": [{"accounts": [_own]}]},
		),
		"nothing left": fixture.reaching(_reader, {}),
		"a Deny": object.union(_reader, {"effect": "Deny"}),
	}
	_trusting([statement], _list) | _unsure([statement], _list) == set()
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [fixture.reaching(_reader, {"beyondOwner": fixture.doubt})]})
	findings := rule.unknown with input as fixture.document([key], [])
		with data.keywarden.settings as {"trust": _list}
	findings == set()
}

test_does_not_ask_without_a_list if {
	_unknown([fixture.reaching(_reader, {"beyondOwner": fixture.doubt})]) == set()
}

_causes := object.union(fixture.causes, {
	"organization": "`var.org` is unknown",
	"named account": fixture.causes.account,
})

test_unknown[note] if {
	some note, statement in {
		"account": fixture.allow([fixture.unknown_root], ["kms:Decrypt"], []),
		"effect": object.union(_reader, {"effect": fixture.unknown("var.effect")}),
		"doubt": fixture.reaching(_reader, {"beyondOwner": fixture.doubt}),
		"organization": _everyone([{"organizations": ["⟨var.org⟩"]}]),
		"named account": _everyone([{"accounts": [fixture.whole_account("var.account")]}]),
	}
	_trusting([statement], _list) == set()
	some message in _unsure([statement], _list)
	startswith(message, "Cannot tell whether the configured trust list includes ")
	endswith(message, $" in statement 1: {_causes[note]}.")
}
