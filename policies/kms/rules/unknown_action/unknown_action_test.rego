package kms.rules.unknown_action_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.unknown_action as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_with(action) := object.union(fixture.statement({}), {"actions": [object.union(
	{"location": fixture.at($"/action/{action.text}"), "literal": true},
	action,
)]})

_of_s3 := _with({"text": "s3:GetObject", "known": false})

test_fails_for_an_action_of_another_service if {
	_fail([_of_s3]) == {"Statement 1 names s3:GetObject, which does not match any AWS KMS action as of 2026-09-26; a key policy applies only to kms: actions."} with data.kms.facts.data_version as "2026-09-26"
}

_misspelt := _with({"text": "kms:Decrpyt", "known": false, "nearest": "kms:Decrypt"})

test_fails if {
	_fail([_misspelt]) == {"Statement 1 names kms:Decrpyt, which does not match any AWS KMS action as of 2026-09-26; the nearest action is kms:Decrypt."} with data.kms.facts.data_version as "2026-09-26"
	_unknown([_misspelt]) == set()
}

test_fails_in_a_deny_and_on_another_key if {
	count(_fail([object.union(_misspelt, {"effect": "Deny", "matchesKey": "no", "sid": "x"})])) == 1
}

test_points_at_the_action if {
	some finding in rule.fail with input as fixture.document_with([_misspelt])
	finding.location == fixture.at("/action/kms:Decrpyt")
}

test_passes[note] if {
	some note, statement in {
		"actions": fixture.statement({"actions": ["kms:Decrypt", "KMS:decrypt"]}),
		"patterns": fixture.statement({"actions": ["kms:*", "kms:Generate*"]}),
		"unknown parts": _with({"text": "kms:⟨var.verb⟩Key", "known": true, "literal": false}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown_action if {
	statement := _with({"text": "⟨var.actions⟩", "known": true, "literal": false, "unknown": true})
	_fail([statement]) == set()
	_unknown([statement]) == {"Cannot tell whether statement 1 names only AWS KMS actions: `var.actions` is unknown."}
}

test_partial_policies_are_never_unknown if {
	statement := _with({"text": "⟨var.actions⟩", "known": true, "unknown": true})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
