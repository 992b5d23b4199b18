package kms.rules.cross_account_delegation_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.cross_account_delegation as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_allow(principal, actions) := fixture.allow([principal], actions, [])

_grant(conditions) := fixture.allow([fixture.other_root], ["kms:CreateGrant"], conditions)

_everything := "Statement 1 allows account 444455556666 kms:*; only the owner account should delegate access to the key."

_grants := "Statement 1 allows account 444455556666 kms:CreateGrant without a condition that restricts grants; only the owner account should delegate access to the key."

_org := fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])

_for_aws := fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])

test_fails[note] if {
	behind := "Statement 1 allows everyone who meets the conditions kms:*; only the owner account should delegate access to the key."
	some note, tc in {
		"matchesEverything": {"statements": [_allow(fixture.other_root, ["kms:*"])], "want": _everything},
		"really everything": {"statements": [_allow(fixture.other_root, ["*"])], "want": _everything},
		"grants": {"statements": [_grant([])], "want": _grants},
		"grants by a wildcard": {"statements": [_allow(fixture.other_root, ["kms:Create*"])], "want": _grants},
		"grants under another condition": {
			"statements": [_grant([fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])])],
			"want": _grants,
		},
		"everything of an organization": {
			"statements": [fixture.allow([fixture.everyone], ["kms:*"], [_org])],
			"want": behind,
		},
		"everything under a condition": {
			"statements": [fixture.allow(
				[fixture.everyone], ["kms:*"],
				[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner, fixture.other])],
			)],
			"want": behind,
		},
		"everything behind a Deny": {
			"statements": [
				_allow(fixture.everyone, ["kms:*"]),
				fixture.deny([fixture.everyone], ["kms:*"], [fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"])]),
			],
			"want": behind,
		},
		"everything but the grants": {
			"statements": [
				_allow(fixture.other_root, ["kms:*"]),
				fixture.deny([fixture.everyone], ["kms:CreateGrant"], []),
			],
			"want": _everything,
		},
		"everything but decrypting": {
			"statements": [
				_allow(fixture.other_root, ["kms:*"]),
				fixture.deny([fixture.everyone], ["kms:Decrypt"], []),
			],
			"want": _everything,
		},
	}
	_fail(tc.statements) == {tc.want}
}

test_passes[note] if {
	some note, statements in {
		"the owner": [_allow(fixture.owner_root, ["kms:*"])],
		"a service": [_allow(fixture.service("s3.amazonaws.com"), ["kms:CreateGrant"])],
		"single actions": [_allow(fixture.other_root, ["kms:Decrypt", "kms:RevokeGrant"])],
		"attachment of persistent resources": [fixture.allow(
			[fixture.other_root], ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
			[_for_aws],
		)],
		"narrow operations": [_grant([fixture.condition("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt"])])],
		"a fixed grantee": [_grant([fixture.condition("StringEquals", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/a"])])],
		"a Deny that imposes the constraint": [
			_grant([]),
			fixture.deny(
				[fixture.everyone], ["kms:CreateGrant"],
				[fixture.condition("BoolIfExists", "kms:GrantIsForAWSResource", ["false"])],
			),
		],
		"taken away": [_grant([]), fixture.deny([fixture.other_root], ["kms:CreateGrant"], [])],
		"everything taken away": [
			_allow(fixture.other_root, ["kms:*"]),
			object.union(fixture.deny([fixture.owner_root], ["kms:*"], []), {"notPrincipal": true}),
		],
		"a Deny": [object.union(_grant([]), {"effect": "Deny"})],
		"another key": [object.union(_grant([]), {"matchesKey": "no"})],
		"everyone, which is public": [_allow(fixture.everyone, ["kms:*"])],
		"everyone of the owner": [fixture.allow(
			[fixture.everyone], ["kms:*"],
			[_org, fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])],
		)],
		"a condition that never matches": [_grant([fixture.condition("StringEquals", "aws:PrincipalOrgID", ["*"])])],
		"everyone of the owner by a Deny": [
			_allow(fixture.everyone, ["kms:*"]),
			fixture.deny(
				[fixture.everyone], ["kms:*"],
				[fixture.condition("StringNotEquals", "aws:PrincipalAccount", [fixture.owner])],
			),
		],
		"NotPrincipal": [object.union(_grant([]), {"notPrincipal": true})],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, tc in {
		"account": {"statements": [_allow(fixture.unknown_root, ["kms:CreateGrant"])], "want": fixture.causes.account},
		"principal": {
			"statements": [_allow(fixture.unknown_principal("*", "var.p"), ["kms:CreateGrant"])],
			"want": fixture.causes.principal,
		},
		"effect": {
			"statements": [object.union(_grant([]), {"effect": fixture.unknown("var.effect")})],
			"want": fixture.causes.effect,
		},
		"resource": {"statements": [object.union(_grant([]), {"matchesKey": "unknown"})], "want": fixture.causes.resource},
		"actions": {
			"statements": [object.union(_allow(fixture.other_root, ["kms:Decrypt"]), {"mayCover": ["CreateGrant"]})],
			"want": fixture.causes.action,
		},
		"condition": {"statements": [_grant([fixture.unknown_condition])], "want": fixture.causes.condition},
		"value": {
			"statements": [_grant([fixture.condition("Bool", "kms:GrantIsForAWSResource", [fixture.whole("var.x")])])],
			"want": "`var.x` is unknown",
		},
		"a condition of everyone": {
			"statements": [fixture.allow([fixture.everyone], ["kms:CreateGrant"], [fixture.unknown_condition])],
			"want": fixture.causes.condition,
		},
		"a Deny": {
			"statements": [
				_grant([]),
				fixture.deny([fixture.everyone], ["kms:CreateGrant"], [fixture.unknown_condition]),
			],
			"want": fixture.causes.condition,
		},
	}
	_fail(tc.statements) == set()
	_unknown(tc.statements) == {$"Cannot tell whether statement 1 allows an external principal kms:CreateGrant without a condition that restricts grants: {tc.want}."}
}

test_unknown_account_with_everything if {
	_unknown([_allow(fixture.unknown_root, ["kms:*"])]) == {"Cannot tell whether statement 1 allows an external principal kms:*: `var.account` is known only after apply."}
}

test_passes_unknown_account_under_a_constraint if {
	_unknown([fixture.allow([fixture.unknown_root], ["kms:CreateGrant"], [_for_aws])]) == set()
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_allow(fixture.unknown_root, ["kms:*"])]})
	rule.unknown == set() with input as fixture.document([key], [])
}
