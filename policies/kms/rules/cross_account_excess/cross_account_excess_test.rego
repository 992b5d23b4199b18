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

_everyone(access) := fixture.reaching(_allow(fixture.everyone, ["kms:Encrypt"]), access)

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
			"statement": _everyone({"external": true, "beyondOwner": true}),
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

test_passes[note] if {
	some note, statement in {
		"the owner": _allow(fixture.owner_root, ["kms:Encrypt"]),
		"a service": _allow(fixture.service("s3.amazonaws.com"), ["kms:Encrypt"]),
		"reading": _other(["kms:Decrypt", "kms:DescribeKey", "kms:GetPublicKey", "kms:Verify*"]),
		"no effect across accounts": _other(["kms:PutKeyPolicy", "kms:ListKeys"]),
		"everything, which is delegation": _other(["kms:*"]),
		"grants, which are delegation": _other(["kms:CreateGrant"]),
		"a Deny": object.union(_other(["kms:Encrypt"]), {"effect": "Deny"}),
		"another key": object.union(_other(["kms:Encrypt"]), {"matchesKey": "no"}),
		"nothing left": fixture.reaching(_other(["kms:Encrypt"]), {}),
		"reading left": fixture.reaching_by_action(
			_other(["kms:Decrypt", "kms:Encrypt"]),
			[{"actions": ["Decrypt"], "external": true}],
		),
		"everyone, which is public": _allow(fixture.everyone, ["kms:Encrypt"]),
		"everyone in the owner's account": _everyone({"owner": true}),
		"everyone in an organization": _everyone({"beyondOwner": true}),
		"NotPrincipal": object.union(_other(["kms:Encrypt"]), {"notPrincipal": true}),
		"an invalid principal": _allow(fixture.principal({"kind": "invalid", "text": "x"}), ["kms:Encrypt"]),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown[note] if {
	some note, tc in {
		"account": {"statement": _allow(fixture.unknown_root, ["kms:Encrypt"]), "want": fixture.causes.account},
		"principal": {
			"statement": _allow(fixture.unknown_principal("AWS", "var.p"), ["kms:Encrypt"]),
			"want": fixture.causes.principal,
		},
		"effect": {
			"statement": object.union(_other(["kms:Encrypt"]), {"effect": fixture.unknown("var.effect")}),
			"want": fixture.causes.effect,
		},
		"resource": {
			"statement": object.union(_other(["kms:Encrypt"]), {"matchesKey": "unknown"}),
			"want": fixture.causes.resource,
		},
		"actions": {
			"statement": object.union(_other(["kms:Decrypt"]), {"mayCover": ["Encrypt"]}),
			"want": fixture.causes.action,
		},
		"who everyone is": {"statement": _everyone({"external": fixture.doubt}), "want": fixture.causes.doubt},
	}
	_fail([tc.statement]) == set()
	_unknown([tc.statement]) == {$"Cannot tell whether statement 1 allows another account kms:Encrypt: {tc.want}."}
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
