package kms.rules.create_grant_unrestricted_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.create_grant_unrestricted as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_app := fixture.role(fixture.owner, "app")

_gives(conditions) := fixture.allow([_app], ["kms:CreateGrant"], conditions)

_message := {"Statement 1 allows arn:aws:iam::111122223333:role/app kms:CreateGrant without a condition that restricts grants, such as kms:GrantIsForAWSResource."}

test_fails[note] if {
	some note, statement in {
		"by name": _gives([]),
		"by a wildcard": fixture.allow([_app], ["kms:Create*"], []),
		"by everything": fixture.allow([_app], ["kms:*"], []),
	}
	_fail([statement]) == _message
}

test_fails_if_conditions_do_not_restrict_grants[note] if {
	some note, tc in {
		"another condition": {
			"condition": fixture.condition("StringEquals", "kms:CallerAccount", ["111122223333"]),
			"want": `The condition StringEquals kms:CallerAccount "111122223333" does not restrict access: kms:CallerAccount does not restrict grants.`,
		},
		"not for a service": {
			"condition": fixture.condition("Bool", "kms:GrantIsForAWSResource", ["false"]),
			"want": `The condition Bool kms:GrantIsForAWSResource "false" does not restrict access: Bool does not limit kms:GrantIsForAWSResource to fixed values.`,
		},
		"through any service": {
			"condition": fixture.condition("StringLike", "kms:ViaService", ["*"]),
			"want": `The condition StringLike kms:ViaService "*" does not restrict access: a value matches everything.`,
		},
	}
	_fail([_gives([tc.condition])]) == {$"Statement 1 allows arn:aws:iam::111122223333:role/app kms:CreateGrant without a condition that restricts grants, such as kms:GrantIsForAWSResource. {tc.want}"}
}

_everyone(access) := fixture.reaching(fixture.allow([fixture.everyone], ["kms:CreateGrant"], []), access)

test_everyone_in_the_account_is_its_principals if {
	_fail([_everyone({"owner": true, "anyGrant": true})]) == {"Statement 1 allows everyone who meets the conditions kms:CreateGrant without a condition that restricts grants, such as kms:GrantIsForAWSResource."}
}

test_fails_for_each_kind_of_principal[kind] if {
	some kind in ["user", "role", "assumed-role", "federated-user", "federated"]
	principal := fixture.principal({"kind": kind, "text": "app"})
	statement := fixture.reaching(fixture.allow([principal], ["kms:CreateGrant"], []), {"anyGrant": true})
	count(_fail([statement])) == 1
}

test_names_each_condition_that_could_restrict_grants[name] if {
	some name in ["kms:ViaService", "kms:GrantConstraintType", "kms:GrantOperations", "kms:GranteePrincipal"]
	some message in _fail([_gives([fixture.condition("StringLike", name, ["*"])])])
	endswith(message, $` The condition StringLike {name} "*" does not restrict access: a value matches everything.`)
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"another account": fixture.allow([fixture.other_root], ["kms:CreateGrant"], []),
		"a role in another account": fixture.allow([fixture.role(fixture.other, "app")], ["kms:CreateGrant"], []),
		"everyone, which is public": fixture.allow([fixture.everyone], ["kms:CreateGrant"], []),
		"everyone beyond the account": _everyone({"owner": true, "beyondOwner": true, "anyGrant": true}),
		"everyone through a service": _everyone({"owner": true}),
		"a service": fixture.allow([fixture.service("ec2.amazonaws.com")], ["kms:CreateGrant"], []),
		"no CreateGrant": fixture.allow([_app], ["kms:Decrypt"], []),
		"restricted grants": fixture.reaching(_gives([]), {"owner": true, "delegation": true}),
		"nothing left": fixture.reaching(_gives([]), {}),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_unknown[note] if {
	some note, statement in {
		"doubt": fixture.reaching(_gives([]), {"owner": true, "anyGrant": fixture.doubt}),
		"effect": object.union(_gives([]), {"effect": fixture.unknown("var.effect")}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == {$"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:role/app to create unrestricted grants: {fixture.causes[note]}."}
}

test_unknown_whether_it_is_the_root if {
	statement := fixture.allow([object.union(fixture.role(fixture.owner, "x"), {"kind": "iam", "text": "arn:aws:iam::111122223333:⟨var.who⟩"})], ["kms:CreateGrant"], [])
	_fail([statement]) == set()
	_unknown([statement]) == {"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:⟨var.who⟩ to create unrestricted grants: `var.who` is unknown."}
}

test_unknown_principal if {
	statement := fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:CreateGrant"], [])
	_fail([statement]) == set()
	count(_unknown([statement])) == 1
}

test_partial_policies_are_never_unknown if {
	statement := fixture.reaching(_gives([]), {"owner": true, "anyGrant": fixture.doubt})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}
