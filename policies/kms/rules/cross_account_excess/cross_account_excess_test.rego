package kms.rules.cross_account_excess_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.cross_account_excess as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_allow(principal, actions) := fixture.allow([principal], actions, [])

_other(actions) := _allow(fixture.other_root, actions)

_scoped(account) := fixture.condition("StringEquals", "aws:PrincipalAccount", [account])

test_fails[note] if {
	some note, tc in {
		"an account": {
			"statement": _other(["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*"]),
			"want": "Statement 1 allows account 444455556666 kms:Encrypt, kms:ReEncryptFrom and kms:ReEncryptTo; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
		"a role": {
			"statement": _allow(fixture.role(fixture.other, "app"), ["kms:Sign"]),
			"want": "Statement 1 allows arn:aws:iam::444455556666:role/app kms:Sign; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
		"all but some": {
			"statement": object.union(_other(["kms:*"]), {"notAction": true, "covers": ["Encapsulate", "Encrypt", "EnableKey"]}),
			"want": "Statement 1 allows account 444455556666 kms:Encapsulate and kms:Encrypt; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
		"everyone under a condition": {
			"statement": fixture.allow([fixture.everyone], ["kms:Encrypt"], [_scoped(fixture.other)]),
			"want": "Statement 1 allows everyone who meets the conditions kms:Encrypt; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
		"other conditions": {
			"statement": fixture.allow(
				[fixture.other_root], ["kms:Encrypt"],
				[fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])],
			),
			"want": "Statement 1 allows account 444455556666 kms:Encrypt; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
		"next to CreateGrant": {
			"statement": _other(["kms:CreateGrant", "kms:RetireGrant"]),
			"want": "Statement 1 allows account 444455556666 kms:RetireGrant; a reader only needs kms:Decrypt and kms:DescribeKey.",
		},
	}
	_fail([tc.statement]) == {tc.want}
}

# A perimeter does not deny accounts what a statement allows them under their own condition.
test_fails_if_a_deny_restricts_everyone[note] if {
	some note, statements in {
		"a perimeter": [
			fixture.allow([fixture.everyone], ["kms:Encrypt"], [_scoped(fixture.other)]),
			_except("aws:PrincipalOrgID", ["o-1"]),
		],
		"accounts": [
			_allow(fixture.everyone, ["kms:Encrypt"]),
			_except("aws:PrincipalAccount", [fixture.owner, fixture.other]),
		],
	}
	_fail(statements) == {"Statement 1 allows everyone who meets the conditions kms:Encrypt; a reader only needs kms:Decrypt and kms:DescribeKey."}
}

_except(key, values) := fixture.deny([fixture.everyone], ["kms:*"], [fixture.condition("StringNotEquals", key, values)])

test_passes[note] if {
	some note, statements in {
		"the owner": [_allow(fixture.owner_root, ["kms:Encrypt"])],
		"a service": [_allow(fixture.service("s3.amazonaws.com"), ["kms:Encrypt"])],
		"reading": [_other(["kms:Decrypt", "kms:DescribeKey", "kms:GetPublicKey", "kms:Verify*"])],
		"no effect across accounts": [_other(["kms:PutKeyPolicy", "kms:ListKeys"])],
		"everything, which is delegation": [_other(["kms:*"])],
		"grants, which are delegation": [_other(["kms:CreateGrant"])],
		"a Deny": [object.union(_other(["kms:Encrypt"]), {"effect": "Deny"})],
		"another key": [object.union(_other(["kms:Encrypt"]), {"matchesKey": "no"})],
		"a condition that never matches": [fixture.allow(
			[fixture.other_root], ["kms:Encrypt"],
			[fixture.condition("StringEquals", "kms:CallerAccount", ["*"])],
		)],
		"everyone, which is public": [_allow(fixture.everyone, ["kms:Encrypt"])],
		"everyone of the owner": [fixture.allow([fixture.everyone], ["kms:Encrypt"], [_scoped(fixture.owner)])],
		"an organization": [fixture.allow(
			[fixture.everyone], ["kms:Encrypt"],
			[fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])],
		)],
		"another account kept out by a condition": [fixture.allow(
			[fixture.other_root], ["kms:Encrypt"],
			[_scoped(fixture.owner)],
		)],
		"taken away": [_other(["kms:Encrypt"]), fixture.deny([fixture.other_root], ["kms:Encrypt"], [])],
		"outside of a perimeter": [_other(["kms:Encrypt"]), fixture.deny(
			[fixture.everyone], ["kms:*"],
			[fixture.condition("StringNotEquals", "aws:PrincipalAccount", [fixture.owner])],
		)],
		"everyone outside of a perimeter": [
			fixture.allow([fixture.everyone], ["kms:Encrypt"], [_scoped(fixture.other)]),
			_except("aws:PrincipalAccount", [fixture.owner]),
		],
		"NotPrincipal": [object.union(_other(["kms:Encrypt"]), {"notPrincipal": true})],
		"no principal": [fixture.allow([fixture.principal({"kind": "invalid", "text": "x"})], ["kms:Encrypt"], [])],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, tc in {
		"account": {
			"statements": [_allow(fixture.unknown_root, ["kms:Encrypt"])],
			"want": fixture.causes.account,
		},
		"principal": {
			"statements": [_allow(fixture.unknown_principal("AWS", "var.p"), ["kms:Encrypt"])],
			"want": fixture.causes.principal,
		},
		"effect": {
			"statements": [object.union(_other(["kms:Encrypt"]), {"effect": fixture.unknown("var.effect")})],
			"want": fixture.causes.effect,
		},
		"resource": {
			"statements": [object.union(_other(["kms:Encrypt"]), {"matchesKey": "unknown"})],
			"want": fixture.causes.resource,
		},
		"actions": {
			"statements": [object.union(_other(["kms:Decrypt"]), {"mayCover": ["Encrypt"]})],
			"want": fixture.causes.action,
		},
		"a condition on an unknown account": {
			"statements": [fixture.allow(
				[fixture.everyone], ["kms:Encrypt"],
				[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.whole_account("var.a")])],
			)],
			"want": "`var.a` is known only after apply",
		},
		"a condition of everyone": {
			"statements": [fixture.allow([fixture.everyone], ["kms:Encrypt"], [fixture.unknown_condition])],
			"want": fixture.causes.condition,
		},
		"a Deny": {
			"statements": [_other(["kms:Encrypt"]), fixture.deny([fixture.unknown_root], ["kms:*"], [])],
			"want": fixture.causes.account,
		},
	}
	_fail(tc.statements) == set()
	_unknown(tc.statements) == {$"Cannot tell whether statement 1 allows another account kms:Encrypt: {tc.want}."}
}

test_passes_unknown_account_that_only_reads if {
	_unknown([_allow(fixture.unknown_root, ["kms:Decrypt"])]) == set()
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_allow(fixture.unknown_root, ["kms:Encrypt"])]})
	rule.unknown == set() with input as fixture.document([key], [])
}

test_preset_encrypt_allows_writing if {
	settings := {"cross_account_excess": {"preset": "encrypt"}}
	actions := ["kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:RetireGrant"]
	_fail([_other(actions)]) == {"Statement 1 allows account 444455556666 kms:RetireGrant, which the encrypt preset does not include."} with data.keywarden.settings as settings
}

test_actions_are_configured if {
	settings := {"cross_account_excess": {"actions": ["Sign"]}}
	_fail([_other(["kms:Sign"])]) == set() with data.keywarden.settings as settings
	count(_fail([_other(["kms:Decrypt"])])) == 1 with data.keywarden.settings as settings
}
