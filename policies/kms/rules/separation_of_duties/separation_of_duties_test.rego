package kms.rules.separation_of_duties_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.separation_of_duties as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_app := fixture.role(fixture.owner, "app")

_admin := fixture.allow([_app], ["kms:PutKeyPolicy", "kms:DisableKey"], [])

_use := fixture.allow([_app], ["kms:Decrypt"], [])

test_fails if {
	_fail([_admin, _use]) == {"The principal arn:aws:iam::111122223333:role/app can both administer the key (kms:DisableKey and kms:PutKeyPolicy) and use it (kms:Decrypt)."}
	count(_fail([fixture.allow([_app], ["kms:PutKeyPolicy", "kms:Sign"], [])])) == 1
}

test_fails_for_each_action_that_administers[action] if {
	some action in [
		"PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "DisableKeyRotation",
		"DeleteImportedKeyMaterial", "ImportKeyMaterial", "UpdatePrimaryRegion", "ReplicateKey",
	]
	count(_fail([_use, fixture.allow([_app], [$"kms:{action}"], [])])) == 1
}

test_passes_actions_that_do_not_use_the_key[action] if {
	some action in ["CreateGrant", "DescribeKey", "RetireGrant", "GetPublicKey", "ListGrants"]
	_fail([_admin, fixture.allow([_app], [$"kms:{action}"], [])]) == set()
}

test_fails_for_each_kind_of_principal[kind] if {
	some kind in ["user", "role", "assumed-role", "federated-user"]
	principal := fixture.principal({"kind": kind, "text": "app", "account": fixture.owner, "relation": "owner"})
	count(_fail([fixture.allow([principal], ["kms:PutKeyPolicy", "kms:Decrypt"], [])])) == 1
}

test_points_at_the_statement_of_the_principal if {
	other := fixture.allow([fixture.role(fixture.owner, "other")], ["kms:Decrypt"], [])
	{finding.statement | some finding in rule.fail} == {"#3"} with input as fixture.document_with([other, fixture.reaching(_admin, {}), _admin, _use])
}

_session(text) := fixture.principal({
	"type": "AWS",
	"kind": "assumed-role",
	"text": text,
	"account": fixture.owner,
	"relation": "owner",
})

_by_session := fixture.allow([_session("arn:aws:sts::111122223333:assumed-role/app/session")], ["kms:Decrypt"], [])

test_fails_for_a_session_with_the_actions_of_its_role[note] if {
	some note, role in {
		"without a path": _app,
		"with a path": fixture.role(fixture.owner, "teams/app"),
	}
	statements := [fixture.allow([role], ["kms:PutKeyPolicy"], []), _by_session]
	_fail(statements) == {"The principal arn:aws:sts::111122223333:assumed-role/app/session can both administer the key (kms:PutKeyPolicy) and use it (kms:Decrypt)."}
}

test_adds_only_the_actions_of_the_role_of_the_session if {
	other := fixture.allow([fixture.role(fixture.owner, "other")], ["kms:PutKeyPolicy"], [])
	statements := [fixture.allow([_app], ["kms:DisableKey"], []), other, _by_session]
	_fail(statements) == {"The principal arn:aws:sts::111122223333:assumed-role/app/session can both administer the key (kms:DisableKey) and use it (kms:Decrypt)."}
}

# The session may belong to a role of the same name in another account.
test_fails_for_the_role_but_not_for_a_session_in_an_unknown_account if {
	session := object.union(fixture.unknown_role("var.account"), {"kind": "assumed-role", "text": "arn:aws:sts::⟨var.account⟩:assumed-role/app/session"})
	findings := _fail([_admin, _use, fixture.allow([session], ["kms:Decrypt"], [])])
	count(findings) == 1
	every message in findings {
		startswith(message, "The principal arn:aws:iam::111122223333:role/app can both ")
	}
}

test_passes_a_session[note] if {
	some note, statements in {
		"of another role": [fixture.allow([fixture.role(fixture.owner, "my-app")], ["kms:PutKeyPolicy"], []), _by_session],
		"of a role with full access, which another rule reports": [fixture.allow([_app], ["kms:*"], []), _by_session],
		"of a federated user with the name of a role": [
			_admin,
			fixture.allow(
				[fixture.principal({"kind": "federated-user", "text": "arn:aws:sts::111122223333:federated-user/app", "account": fixture.owner, "relation": "owner"})],
				["kms:Decrypt"], [],
			),
		],
		"of a user's name": [fixture.allow([fixture.user(fixture.owner, "app")], ["kms:PutKeyPolicy"], []), _by_session],
		"that a Deny names": [
			_admin, _by_session,
			fixture.deny([_session("arn:aws:sts::111122223333:assumed-role/app/session")], ["kms:PutKeyPolicy", "kms:DisableKey"], []),
		],
	}
	_fail(statements) == set()
}

test_passes[note] if {
	some note, statements in {
		"one alone": [_admin],
		"one alone, of anybody": [_use, fixture.allow([fixture.unknown_principal("AWS", "var.app")], ["kms:Decrypt"], [])],
		"next to the root": [fixture.statement({}), fixture.allow([fixture.unknown_principal("AWS", "var.app")], ["kms:Decrypt"], [])],
		"the other alone": [_use],
		"two principals": [_admin, fixture.allow([fixture.role(fixture.owner, "other")], ["kms:Decrypt"], [])],
		"the root": [fixture.statement({}), fixture.allow([fixture.owner_root], ["kms:Decrypt", "kms:PutKeyPolicy"], [])],
		"everyone": [fixture.reaching(fixture.allow([fixture.everyone], ["kms:PutKeyPolicy", "kms:Decrypt"], []), {"owner": true})],
		"full access": [_admin, fixture.allow([_app], ["kms:*"], [])],
		"another account": [fixture.allow([fixture.role(fixture.other, "x")], ["kms:PutKeyPolicy", "kms:Decrypt"], [])],
		"nothing left of one": [_admin, fixture.reaching(_use, {})],
	}
	_fail(statements) | _unknown(statements) == set()
}

test_full_access_of_which_a_part_is_left if {
	full := fixture.allow([_app], ["kms:*"], [])
	count(_fail([fixture.reaching_by_action(full, [{"actions": ["Decrypt", "PutKeyPolicy"], "owner": true}])])) == 1
}

test_full_access_without_the_wildcard_that_another_rule_reports if {
	count(_fail([fixture.reaching(fixture.allow([_app], ["kms:?*"], []), {"owner": true})])) == 1
}

_iam(text) := object.union(fixture.role(fixture.owner, "x"), {"kind": "iam", "text": text})

# The caller is a user or a session.
test_fails_for_the_caller if {
	caller := object.union(_iam("⟨data.aws_caller_identity.current.arn⟩"), {"kind": "assumed-role"})
	count(_fail([fixture.allow([caller], ["kms:Decrypt", "kms:PutKeyPolicy"], [])])) == 1
}

_causes := {
	"effect": fixture.causes.effect,
	"account": "`var.app` is known only after apply",
	"who uses": "`var.app` is unknown",
	"who administers": "`var.app` is unknown",
	"principal": "`var.app` is unknown",
	"whether it is the root": "`var.who` is unknown",
}

test_unknown[note] if {
	some note, example in {
		"effect": [[_admin, object.union(_use, {"effect": fixture.unknown("var.effect")})], "arn:aws:iam::111122223333:role/app"],
		"account": [[fixture.allow([fixture.unknown_role("var.app")], ["kms:PutKeyPolicy", "kms:Decrypt"], [])], "⟨var.app⟩"],
		"whether it is the root": [
			[fixture.allow([_iam("arn:aws:iam::111122223333:⟨var.who⟩")], ["kms:Decrypt", "kms:PutKeyPolicy"], [])],
			"arn:aws:iam::111122223333:⟨var.who⟩",
		],
		"who uses": [
			[_admin, fixture.allow([fixture.unknown_principal("AWS", "var.app")], ["kms:Decrypt"], [])],
			"⟨var.app⟩",
		],
		"who administers": [
			[_use, fixture.allow([fixture.unknown_principal("AWS", "var.app")], ["kms:PutKeyPolicy"], [])],
			"⟨var.app⟩",
		],
		"principal": [[fixture.allow([fixture.unknown_principal("AWS", "var.app")], ["kms:PutKeyPolicy", "kms:Decrypt"], [])], "⟨var.app⟩"],
	}
	_fail(example[0]) == set()
	_unknown(example[0]) == {$"Cannot tell whether the principal {example[1]} can both administer and use the key: {_causes[note]}."}
}

test_partial_policies_are_never_unknown if {
	statement := object.union(fixture.allow([_app], ["kms:PutKeyPolicy", "kms:Decrypt"], []), {"effect": fixture.unknown("var.effect")})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
