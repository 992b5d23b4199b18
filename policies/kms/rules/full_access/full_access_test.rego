package kms.rules.full_access_test

import data.kms.facts
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
	_fail([_gives(_admin)]) == {"Statement 1 allows arn:aws:iam::111122223333:role/admin kms:*; only the account root principal and the configured administrators should have full access."}
	count(_fail([fixture.allow([_admin], ["*"], [])])) == 1
}

test_everyone_in_the_account_is_its_principals if {
	_fail([_everyone({"owner": true})]) == {"Statement 1 allows everyone who meets the conditions kms:*; only the account root principal and the configured administrators should have full access."}
}

test_fails_for_everyone_if_only_a_part_reaches_other_accounts if {
	count(_fail([fixture.reaching_by_action(_gives(fixture.everyone), [
		{"actions": ["PutKeyPolicy"], "owner": true, "beyondOwner": true},
		{"actions": [a | some a in fixture.statement({}).covers; a != "PutKeyPolicy"; facts.key_policy_actions[a]], "owner": true},
	])])) == 1
}

_everyone(access) := fixture.reaching(_gives(fixture.everyone), access)

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"another account": _gives(fixture.role(fixture.other, "admin")),
		"a service": _gives(fixture.service("ec2.amazonaws.com")),
		"a part": fixture.allow([_admin], ["kms:Create*"], []),
		"everyone, which is public": _gives(fixture.everyone),
		"everyone through a service": object.union(
			_everyone({"owner": true}),
			{"conditions": [fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])]},
		),
		"everyone in another account": _everyone({"external": true, "beyondOwner": true}),
		"everyone in an organization": _everyone({"owner": true, "beyondOwner": true}),
		"a Deny": fixture.deny([_admin], ["kms:*"], []),
		"a part of the actions left": fixture.reaching_by_action(_gives(_admin), [{"actions": ["Decrypt", "PutKeyPolicy"], "owner": true}]),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_configured_administrators_pass[note] if {
	some note, statement in {
		"by name": _gives(_admin),
		"by a condition": object.union(
			_everyone({"owner": true}),
			{"conditions": [fixture.condition("ArnLike", "aws:PrincipalArn", [_admin.text])]},
		),
	}
	document := fixture.document_with([statement])
	given := {"full_access": {"administrators": ["arn:aws:iam::111122223333:role/adm*"]}}
	findings := rule.fail with input as document with data.keywarden.settings as given
	count(findings) == 0
}

_causes := {
	"account": "`var.admin` is known only after apply",
	"whole principal": "`var.admin` is unknown",
	"whether it is the root": "`var.who` is unknown",
	"effect": fixture.causes.effect,
}

test_unknown[note] if {
	some note, statement in {
		"account": _gives(fixture.unknown_role("var.admin")),
		"whole principal": _gives(fixture.unknown_principal("AWS", "var.admin")),
		"whether it is the root": _gives(object.union(fixture.role(fixture.owner, "x"), {"kind": "iam", "text": "arn:aws:iam::111122223333:⟨var.who⟩"})),
		"effect": object.union(_gives(_admin), {"effect": fixture.unknown("var.effect")}),
	}
	_fail([statement]) == set()
	some message in _unknown([statement])
	startswith(message, "Cannot tell whether statement 1 allows kms:* for ")
	endswith(message, $", a principal in the account that owns the key: {_causes[note]}.")
}
