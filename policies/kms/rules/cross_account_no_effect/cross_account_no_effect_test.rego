package kms.rules.cross_account_no_effect_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.cross_account_no_effect as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_gives(principal, actions) := fixture.allow([principal], actions, [])

_reader := fixture.role(fixture.other, "reader")

test_fails if {
	_fail([_gives(_reader, ["kms:Decrypt", "kms:PutKeyPolicy"])]) == {"Statement 1 allows arn:aws:iam::444455556666:role/reader kms:PutKeyPolicy, which AWS KMS does not support across accounts."}
}

test_passes[note] if {
	some note, statement in {
		"own account": _gives(fixture.role(fixture.owner, "app"), ["kms:PutKeyPolicy"]),
		"wildcard": _gives(_reader, ["kms:Put*"]),
		"an action that works": _gives(_reader, ["kms:Decrypt"]),
		"a Deny": fixture.deny([_reader], ["kms:PutKeyPolicy"], []),
		"everyone": _gives(fixture.everyone, ["kms:PutKeyPolicy"]),
		"NotAction": object.union(_gives(_reader, ["kms:PutKeyPolicy"]), {"notAction": true}),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_passes_if_nothing_is_left if {
	_fail([fixture.reaching(_gives(_reader, ["kms:PutKeyPolicy"]), {})]) == set()
}

test_unknown[note] if {
	some note, statement in {
		"account": _gives(fixture.unknown_role("var.account"), ["kms:PutKeyPolicy"]),
		"effect": object.union(_gives(_reader, ["kms:PutKeyPolicy"]), {"effect": fixture.unknown("var.effect")}),
		"resource": object.union(_gives(_reader, ["kms:PutKeyPolicy"]), {"matchesKey": "unknown"}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == {$"Cannot tell whether statement 1 allows another account kms:PutKeyPolicy, which AWS KMS does not support across accounts: {fixture.causes[note]}."}
}

test_partial_policies_are_never_unknown if {
	statement := object.union(_gives(_reader, ["kms:PutKeyPolicy"]), {"effect": fixture.unknown("var.effect")})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
