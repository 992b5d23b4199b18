package kms.rules.full_access_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.full_access as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_admin := fixture.role(fixture.owner, "admin")

_gives(principal) := fixture.allow([principal], ["kms:*"], [])

test_fails if {
	_fail([_gives(_admin)]) == {"Statement 1 gives arn:aws:iam::111122223333:role/admin kms:*, to use the key as well as to administer and delete it."}
	count(_fail([fixture.allow([_admin], ["*"], [])])) == 1
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"another account": _gives(fixture.role(fixture.other, "admin")),
		"a service": _gives(fixture.service("ec2.amazonaws.com")),
		"a part": fixture.allow([_admin], ["kms:Create*"], []),
		"a Deny": fixture.deny([_admin], ["kms:*"], []),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_a_deny_leaves_a_part if {
	_fail([_gives(_admin), fixture.deny([_admin], ["kms:ScheduleKeyDeletion"], [])]) == set()
}

test_a_deny_of_what_no_key_policy_gives_takes_nothing if {
	count(_fail([_gives(_admin), fixture.deny([_admin], ["kms:CreateKey"], [])])) == 1
}

test_configured_administrators_pass if {
	document := fixture.document_with([_gives(_admin)])
	given := {"full_access": {"administrators": ["arn:aws:iam::111122223333:role/adm*"]}}
	findings := rule.fail with input as document with data.keywarden.settings as given
	count(findings) == 0
}

test_unknown[note] if {
	some note, statement in {
		"account": _gives(fixture.unknown_role("var.admin")),
		"whole principal": _gives(fixture.unknown_principal("AWS", "var.admin")),
		"effect": object.union(_gives(_admin), {"effect": fixture.unknown("var.effect")}),
	}
	_fail([statement]) == set()
	count(_unknown([statement])) == 1
}
