package kms.rules.administration_denied_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.administration_denied as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_deny(principal) := fixture.deny([principal], ["kms:PutKeyPolicy", "kms:Decrypt"], [])

test_fails if {
	_fail([_deny(fixture.everyone)]) == {"Statement 1 denies everyone kms:PutKeyPolicy without a condition that exempts administrators."}
	_fail([_deny(fixture.owner_root)]) == {"Statement 1 denies the account root principal kms:PutKeyPolicy without a condition that exempts administrators."}
}

test_fails_if_nobody_in_the_account_is_exempted if {
	_fail([object.union(_deny(fixture.other_root), {"notPrincipal": true})]) == {"Statement 1 denies everyone except arn:aws:iam::444455556666:root kms:PutKeyPolicy without a condition that exempts administrators."}
}

test_passes[note] if {
	some note, statement in {
		"a condition that exempts some requests": fixture.reaching(_deny(fixture.everyone), {"granted": true}),
		"one principal": _deny(fixture.role(fixture.owner, "app")),
		"another account's root": _deny(fixture.other_root),
		"another action": fixture.deny([fixture.everyone], ["kms:Decrypt"], []),
		"an Allow": fixture.allow([fixture.everyone], ["kms:PutKeyPolicy"], []),
		"not this key": object.union(_deny(fixture.everyone), {"matchesKey": "no"}),
		"a principal of the account exempted": object.union(_deny(fixture.owner_root), {"notPrincipal": true}),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_unknown[note] if {
	some note, example in {
		"effect": [object.union(_deny(fixture.everyone), {"effect": fixture.unknown("var.effect")}), "everyone"],
		"principal": [_deny(fixture.unknown_principal("AWS", "var.p")), "⟨var.p⟩"],
		"doubt": [fixture.reaching(_deny(fixture.everyone), {"always": fixture.doubt}), "everyone"],
		"account": [_deny(fixture.unknown_root), "the account root principal"],
		"action": [object.union(fixture.deny([fixture.everyone], ["kms:Decrypt"], []), {"mayCover": ["PutKeyPolicy"]}), "everyone"],
	}
	_fail([example[0]]) == set()
	_unknown([example[0]]) == {$"Cannot tell whether statement 1 denies {example[1]} kms:PutKeyPolicy, kms:GetKeyPolicy or kms:CancelKeyDeletion: {fixture.causes[note]}."}
}

test_fails_for_each_action_of_an_administrator[action] if {
	some action in ["PutKeyPolicy", "GetKeyPolicy", "CancelKeyDeletion"]
	statement := fixture.deny([fixture.everyone], [$"kms:{action}"], [])
	_fail([statement]) == {$"Statement 1 denies everyone kms:{action} without a condition that exempts administrators."}
}

test_passes_an_unknown_value_of_a_known_condition if {
	condition := fixture.condition("ArnNotLike", "aws:PrincipalArn", [fixture.whole("var.admin")])
	denied := fixture.deny([fixture.everyone], ["kms:PutKeyPolicy"], [condition])
	_unknown([fixture.reaching(denied, {"always": fixture.doubt})]) == set()
}

test_partial_policies_are_never_unknown if {
	denied := fixture.reaching(_deny(fixture.everyone), {"always": fixture.doubt})
	key := fixture.with_policy({"state": "partial", "statements": [denied]})
	rule.unknown == set() with input as fixture.document([key], [])
}
