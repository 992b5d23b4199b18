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

test_fails_for_each_kind_of_principal[kind] if {
	some kind in ["user", "role", "assumed-role", "federated-user"]
	principal := fixture.principal({"kind": kind, "text": "admin"})
	count(_fail([fixture.reaching(_gives(principal), {"owner": true})])) == 1
}

# These conditions do not limit everyone to the actions of a service.
test_fails_for_everyone_unless_a_condition_requires_a_service[note] if {
	some note, condition in {
		"another condition": fixture.condition("StringEquals", "aws:PrincipalAccount", [fixture.owner]),
		"IfExists": fixture.condition("StringEqualsIfExists", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		"negated": fixture.condition("StringNotEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
	}
	count(_fail([object.union(_everyone({"owner": true}), {"conditions": [condition]})])) == 1
}

test_fails_for_a_principal_through_a_service if {
	condition := fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])
	statement := object.union(fixture.reaching(_gives(_admin), {"owner": true}), {"conditions": [condition]})
	count(_fail([statement])) == 1
}

test_fails_for_everyone_but_configured_administrators[note] if {
	some note, condition in {
		"another role": fixture.condition("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/app"]),
		"another role besides": fixture.condition("ArnLike", "aws:PrincipalArn", [_admin.text, "arn:aws:iam::111122223333:role/app"]),
		"another key": fixture.condition("ArnLike", "aws:SourceArn", [_admin.text]),
		"negated": fixture.condition("ArnNotLike", "aws:PrincipalArn", [_admin.text]),
		"in any account": fixture.condition("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/boss"]),
	}
	given := {"full_access": {"administrators": ["arn:aws:iam::111122223333:role/adm*", "arn:aws:iam::*:role/boss"]}}
	statement := object.union(_everyone({"owner": true}), {"conditions": [condition]})
	findings := rule.fail with input as fixture.document_with([statement]) with data.keywarden.settings as given
	count(findings) == 1
}

test_fails_for_another_role_than_the_configured_administrators if {
	given := {"full_access": {"administrators": ["arn:aws:iam::111122223333:role/adm*"]}}
	condition := fixture.condition("ArnLike", "aws:PrincipalArn", [_admin.text])
	statement := object.union(_gives(fixture.role(fixture.owner, "app")), {"conditions": [condition]})
	findings := rule.fail with input as fixture.document_with([fixture.reaching(statement, {"owner": true})]) with data.keywarden.settings as given
	count(findings) == 1
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"another account": _gives(fixture.role(fixture.other, "admin")),
		"a service": _gives(fixture.service("ec2.amazonaws.com")),
		"every action, but not by kms:*": fixture.reaching(fixture.allow([_admin], ["kms:?*"], []), {"owner": true}),
		"a part of which everyone is beyond the account": fixture.reaching_by_action(_gives(fixture.everyone), [
			{"actions": ["CreateGrant"], "owner": true, "beyondOwner": true},
			{"actions": [a | some a in fixture.statement({}).covers; a != "CreateGrant"; facts.key_policy_actions[a]], "owner": true},
		]),
		"decryption by everyone beyond the account": fixture.reaching_by_action(_gives(fixture.everyone), [
			{"actions": ["Decrypt"], "owner": true, "beyondOwner": true},
			{"actions": [a | some a in fixture.statement({}).covers; a != "Decrypt"; facts.key_policy_actions[a]], "owner": true},
		]),
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

test_partial_policies_are_never_unknown if {
	statement := object.union(_gives(_admin), {"effect": fixture.unknown("var.effect")})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
