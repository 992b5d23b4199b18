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

_grant := _allow(fixture.other_root, ["kms:CreateGrant"])

_everything := "Statement 1 allows account 444455556666 kms:*; only the owner account should delegate access to the key."

_grants := "Statement 1 allows account 444455556666 kms:CreateGrant without a condition that restricts grants; only the owner account should delegate access to the key."

test_fails[note] if {
	some note, tc in {
		"full access": {"statement": _allow(fixture.other_root, ["kms:*"]), "want": _everything},
		"full access to every service": {"statement": _allow(fixture.other_root, ["*"]), "want": _everything},
		"grants": {"statement": _grant, "want": _grants},
		"grants by a wildcard": {"statement": _allow(fixture.other_root, ["kms:Create*"]), "want": _grants},
		"grants under another condition": {
			"statement": fixture.allow(
				[fixture.other_root], ["kms:CreateGrant"],
				[fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])],
			),
			"want": _grants,
		},
		"everyone in an organization": {
			"statement": fixture.reaching(
				_allow(fixture.everyone, ["kms:*"]),
				{"beyondOwner": true, "delegation": true},
			),
			"want": "Statement 1 allows everyone who meets the conditions kms:*; only the owner account should delegate access to the key.",
		},
		"full access without CreateGrant": {
			"statement": _everything_with([{"actions": ["Decrypt", "Encrypt"], "beyondOwner": true}]),
			"want": _everything,
		},
		"full access without Decrypt": {
			"statement": _everything_with([{"actions": ["CreateGrant"], "beyondOwner": true, "delegation": true}]),
			"want": _everything,
		},
	}
	_fail([tc.statement]) == {tc.want}
}

_everything_with(groups) := fixture.reaching_by_action(_allow(fixture.other_root, ["kms:*"]), groups)

test_passes[note] if {
	some note, statement in {
		"the owner": _allow(fixture.owner_root, ["kms:*"]),
		"a service": _allow(fixture.service("s3.amazonaws.com"), ["kms:CreateGrant"]),
		"other actions": _allow(fixture.other_root, ["kms:Decrypt", "kms:RevokeGrant"]),
		"grants that conditions restrict": fixture.reaching(_grant, {"external": true, "beyondOwner": true}),
		"an unknown principal, but nothing left": fixture.reaching(_allow(fixture.unknown_root, ["kms:*"]), {}),
		"nothing left": fixture.reaching(_grant, {}),
		"a Deny": object.union(_grant, {"effect": "Deny"}),
		"another key": object.union(_grant, {"matchesKey": "no"}),
		"everyone, which is public": _allow(fixture.everyone, ["kms:*"]),
		"everyone in the owner's account": fixture.reaching(
			_allow(fixture.everyone, ["kms:*"]),
			{"owner": true, "delegation": true},
		),
		"NotPrincipal": object.union(_grant, {"notPrincipal": true}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown[note] if {
	some note, tc in {
		"account": {"statement": _allow(fixture.unknown_root, ["kms:CreateGrant"]), "want": fixture.causes.account},
		"principal": {
			"statement": _allow(fixture.unknown_principal("*", "var.p"), ["kms:CreateGrant"]),
			"want": fixture.causes.principal,
		},
		"effect": {
			"statement": object.union(_grant, {"effect": fixture.unknown("var.effect")}),
			"want": fixture.causes.effect,
		},
		"resource": {"statement": object.union(_grant, {"matchesKey": "unknown"}), "want": fixture.causes.resource},
		"actions": {
			"statement": object.union(_allow(fixture.other_root, ["kms:Decrypt"]), {"mayCover": ["CreateGrant"]}),
			"want": fixture.causes.action,
		},
		"constraint": {
			"statement": fixture.reaching(_grant, {"beyondOwner": true, "delegation": fixture.doubt}),
			"want": fixture.causes.doubt,
		},
		"who everyone is": {
			"statement": fixture.reaching(
				_allow(fixture.everyone, ["kms:CreateGrant"]),
				{"beyondOwner": fixture.doubt, "delegation": true},
			),
			"want": fixture.causes.doubt,
		},
	}
	_fail([tc.statement]) == set()
	_unknown([tc.statement]) == {$"Cannot tell whether statement 1 allows an external principal kms:CreateGrant without a condition that restricts grants: {tc.want}."}
}

test_unknown_account_with_everything if {
	_unknown([_allow(fixture.unknown_root, ["kms:*"])]) == {"Cannot tell whether statement 1 allows an external principal kms:*: `var.account` is known only after apply."}
}

test_passes_unknown_account_if_conditions_restrict_grants if {
	_unknown([fixture.reaching(_allow(fixture.unknown_root, ["kms:CreateGrant"]), {"beyondOwner": fixture.doubt})]) == set()
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_allow(fixture.unknown_root, ["kms:*"])]})
	rule.unknown == set() with input as fixture.document([key], [])
}
