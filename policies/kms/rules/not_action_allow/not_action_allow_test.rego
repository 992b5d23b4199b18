package kms.rules.not_action_allow_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.not_action_allow as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_but(changes) := object.union(fixture.statement({"notAction": true, "actions": ["kms:PutKeyPolicy"]}), changes)

test_fails if {
	_fail([_but({"sid": "AllBut"})]) == {"Statement \"AllBut\" combines Allow with NotAction, so it allows every AWS KMS action except kms:PutKeyPolicy."}
}

test_passes[note] if {
	some note, statement in {
		"Action": fixture.statement({}),
		"a Deny": _but({"effect": "Deny"}),
		"another key": _but({"matchesKey": "no"}),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_unknown[note] if {
	some note, statement in {
		"effect": _but({"effect": fixture.unknown("var.effect")}),
		"resource": _but({"matchesKey": "unknown"}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == {$"Cannot tell whether statement 1, which uses NotAction, allows actions on this key: {fixture.causes[note]}."}
}

test_partial_policies_are_never_unknown if {
	statement := _but({"effect": fixture.unknown("var.effect")})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
