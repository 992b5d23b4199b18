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

test_everyone_of_the_account_is_its_principals if {
	own := fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])
	_fail([fixture.allow([fixture.everyone], ["kms:CreateGrant"], [own])]) == {"Statement 1 allows everyone who meets the conditions kms:CreateGrant without a condition that restricts grants, such as kms:GrantIsForAWSResource. The condition StringEquals kms:CallerAccount \"111122223333\" does not restrict access: kms:CallerAccount does not restrict grants."}
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"another account": fixture.allow([fixture.other_root], ["kms:CreateGrant"], []),
		"everyone, which is public": fixture.allow([fixture.everyone], ["kms:CreateGrant"], []),
		"everyone through a service": fixture.allow([fixture.everyone], ["kms:CreateGrant"], [
			fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner]),
			fixture.condition("StringEquals", "kms:ViaService", ["ec2.eu-west-1.amazonaws.com"]),
		]),
		"a service": fixture.allow([fixture.service("ec2.amazonaws.com")], ["kms:CreateGrant"], []),
		"no CreateGrant": fixture.allow([_app], ["kms:Decrypt"], []),
		"for services": _gives([fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])]),
		"through a service": _gives([fixture.condition("StringEquals", "kms:ViaService", ["ec2.eu-west-1.amazonaws.com"])]),
		"operations": _gives([fixture.condition("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt", "CreateGrant"])]),
		"grantee": _gives([fixture.condition("StringEquals", "kms:GranteePrincipal", ["arn:aws:iam::111122223333:role/x"])]),
		"constraint": _gives([fixture.condition("StringEquals", "kms:GrantConstraintType", ["EncryptionContextEquals"])]),
	}
	_fail([statement]) | _unknown([statement]) == set()
}

test_a_deny_takes_it_away if {
	_fail([_gives([]), fixture.deny([fixture.everyone], ["kms:CreateGrant"], [])]) == set()
}

test_unknown[note] if {
	some note, statement in {
		"condition": _gives([fixture.unknown_condition]),
		"effect": object.union(_gives([]), {"effect": fixture.unknown("var.effect")}),
		"account": _gives([object.union(fixture.condition("Bool", "kms:GrantIsForAWSResource", []), {"values": [fixture.whole_account("var.account")]})]),
	}
	_fail([statement]) == set()
	_unknown([statement]) == {$"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:role/app to create unrestricted grants: {fixture.causes[note]}."}
}

test_unknown_whether_it_is_the_root if {
	statement := fixture.allow([object.union(fixture.role(fixture.owner, "x"), {"kind": "iam", "text": "arn:aws:iam::111122223333:⟨var.who⟩"})], ["kms:CreateGrant"], [])
	_fail([statement]) == set()
	_unknown([statement]) == {"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:⟨var.who⟩ to create unrestricted grants: `var.who` is unknown."}
}
