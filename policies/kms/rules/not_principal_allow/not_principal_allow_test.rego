package kms.rules.not_principal_allow_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.not_principal_allow as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_but(changes) := object.union(fixture.statement({"notPrincipal": true}), changes)

test_fails if {
	_fail([_but({"sid": "AllBut"})]) == {"Statement \"AllBut\" combines Allow with NotPrincipal, so it allows every principal except arn:aws:iam::111122223333:root."}
}

test_points_at_the_statement if {
	some finding in rule.fail with input as fixture.document_with([_but({})])
	finding.location == fixture.at("/statement")
}

test_passes[note] if {
	some note, statement in {
		"Principal": fixture.statement({}),
		"a Deny": _but({"effect": "Deny"}),
		"another key": _but({"matchesKey": "no"}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown[note] if {
	some note, statement in {
		"effect": _but({"effect": fixture.unknown("var.effect")}),
		"resource": _but({"matchesKey": "unknown"}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == {$"Cannot tell whether statement 1, which uses NotPrincipal, allows actions on this key: {fixture.causes[note]}."}
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_but({"matchesKey": "unknown"})]})
	rule.unknown == set() with input as fixture.document([key], [])
}
