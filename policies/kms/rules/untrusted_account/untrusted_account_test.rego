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

_everyone(key, value) := fixture.allow([fixture.everyone], ["kms:Decrypt"], [fixture.condition("StringEquals", key, [value])])

_list := {"accounts": ["777788889999"], "organizations": ["o-1234567890"]}

test_does_not_run_without_a_list if {
_fail([_reader]) | _unknown([_reader]) == set()}

test_fails[note] if {
	some note, example in {
		"behind another condition": [
			fixture.allow([fixture.role(fixture.other, "reader")], ["kms:Decrypt"], [fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])]),
			"arn:aws:iam::444455556666:role/reader",
		],
		"through a network": [
			fixture.allow([fixture.role(fixture.other, "reader")], ["kms:Decrypt"], [fixture.condition("StringEquals", "aws:SourceVpc", ["vpc-1"])]),
			"arn:aws:iam::444455556666:role/reader",
		],
		"a principal": [_reader, "arn:aws:iam::444455556666:role/reader"],
		"a restriction": [_everyone("kms:CallerAccount", "444455556666"), "444455556666"],
		"a source": [_everyone("aws:SourceAccount", "444455556666"), "444455556666"],
		"an organization": [_everyone("aws:PrincipalOrgID", "o-other12345"), "o-other12345"],
	}
	_trusting([example[0]], _list) == {$"Statement 1 allows access from {example[1]}, which the configured trust list does not include."}
}

test_fails_if_a_deny_restricts_everyone if {
	_trusting([_open, _except("o-other12345")], _list) == {"Statement 1 allows access from o-other12345, which the configured trust list does not include."}
}

test_passes_if_a_deny_restricts_everyone[note] if {
	some note, statements in {
		"a trusted organization": [_open, _except("o-1234567890")],
		"a principal within it": [_reader, _except("o-1234567890")],
		"nothing left": [_reader, fixture.deny([fixture.other_root], ["kms:*"], [])],
	}
	_trusting(statements, _list) | _unsure(statements, _list) == set()
}

_open := fixture.allow([fixture.everyone], ["kms:Decrypt"], [])

_except(organization) := fixture.deny(
	[fixture.everyone], ["kms:*"],
	[fixture.condition("StringNotEquals", "aws:PrincipalOrgID", [organization])],
)

test_passes[note] if {
	some note, statement in {
		"a trusted account": fixture.allow([fixture.root("777788889999")], ["kms:Decrypt"], []),
		"a restriction to a trusted account": _everyone("kms:CallerAccount", "777788889999"),
		"a trusted organization": _everyone("aws:PrincipalOrgID", "o-1234567890"),
		"a path of it": _everyone("aws:PrincipalOrgPaths", "o-1234567890/r-ab12/ou-ab12-11111111"),
		"a principal within it": fixture.allow([fixture.other_root], ["kms:Decrypt"], [fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1234567890"])]),
		"a source in a trusted account": _everyone("aws:SourceArn", "arn:aws:sns:eu-west-1:777788889999:t"),
		"a bucket next to": fixture.allow([fixture.everyone], ["kms:Decrypt"], [fixture.condition(
			"ArnLike", "aws:SourceArn",
			["arn:aws:sns:eu-west-1:777788889999:t", "arn:aws:s3:::logs"],
		)]),
		"own account": fixture.statement({}),
		"everyone, fenced to the own account": _everyone("kms:CallerAccount", "111122223333"),
		"a Deny": object.union(_reader, {"effect": "Deny"}),
	}
	_trusting([statement], _list) | _unsure([statement], _list) == set()
}

_causes := object.union(fixture.causes, {
	"organization": "`var.org` is unknown",
	"named account": fixture.causes.account,
})

test_unknown[note] if {
	some note, statement in {
		"account": fixture.allow([fixture.unknown_root], ["kms:Decrypt"], []),
		"condition": object.union(_reader, {"conditions": [fixture.unknown_condition]}),
		"effect": object.union(_reader, {"effect": fixture.unknown("var.effect")}),
		"organization": fixture.allow([fixture.everyone], ["kms:Decrypt"], [object.union(fixture.condition("StringEquals", "aws:PrincipalOrgID", []), {"values": [fixture.whole("var.org")]})]),
		"named account": fixture.allow([fixture.everyone], ["kms:Decrypt"], [object.union(fixture.condition("StringEquals", "kms:CallerAccount", []), {"values": [fixture.whole_account("var.account")]})]),
	}
	_trusting([statement], _list) == set()
	some message in _unsure([statement], _list)
	startswith(message, "Cannot tell whether the configured trust list includes ")
	endswith(message, $" in statement 1: {_causes[note]}.")
}
