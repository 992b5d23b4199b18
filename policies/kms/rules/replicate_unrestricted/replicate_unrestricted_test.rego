package kms.rules.replicate_unrestricted_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replicate_unrestricted as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_app := fixture.role(fixture.owner, "app")

_document(statements, multi) := fixture.document([object.union(fixture.key_with(statements), {"properties": {"multiRegion": multi}})], [])

_says(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as _document(statements, true)
}

_unsure(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as _document(statements, true)
}

_gives(conditions) := fixture.allow([_app], ["kms:ReplicateKey"], conditions)

test_fails if {
	_says([_gives([])]) == {"Statement 1 allows arn:aws:iam::111122223333:role/app kms:ReplicateKey to any Region: no condition restricts kms:ReplicaRegion."}
	_says([fixture.allow([_app], ["kms:Update*"], [])]) == {"Statement 1 allows arn:aws:iam::111122223333:role/app kms:UpdatePrimaryRegion to any Region: no condition restricts kms:PrimaryRegion."}
	count(_says([_gives([fixture.condition("StringLike", "kms:ReplicaRegion", ["*"])])])) == 1
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"matchesEverything": fixture.allow([_app], ["kms:*"], []),
		"Regions": _gives([fixture.condition("StringEquals", "kms:ReplicaRegion", ["eu-west-1"])]),
		"another action": fixture.allow([_app], ["kms:Decrypt"], []),
	}
	_says([statement]) | _unsure([statement]) == set()
}

_elsewhere := fixture.condition("StringNotEquals", "kms:ReplicaRegion", ["eu-west-1"])

_denies(principal, conditions) := fixture.deny([principal], ["kms:ReplicateKey"], conditions)

test_passes_if_requests_always_carry_the_key if {
	condition := object.union(fixture.condition("StringEquals", "kms:ReplicaRegion", ["eu-west-1"]), {"ifExists": true})
	_says([_gives([condition])]) == set()
}

test_passes_if_a_deny_confines[note] if {
	some note, deny in {
		"everyone": _denies(fixture.everyone, [_elsewhere]),
		"the principal": _denies(_app, [_elsewhere]),
		"a pattern": _denies(fixture.everyone, [fixture.condition("StringNotLike", "kms:ReplicaRegion", ["eu-*"])]),
	}
	_says([_gives([]), deny]) | _unsure([_gives([]), deny]) == set()
}

test_fails_if_a_deny_does_not_confine[note] if {
	some note, deny in {
		"of somebody else": _denies(fixture.role(fixture.owner, "other"), [_elsewhere]),
		"of another action": fixture.deny([fixture.everyone], ["kms:UpdatePrimaryRegion"], [_elsewhere]),
		"every Region": _denies(fixture.everyone, [fixture.condition("StringNotLike", "kms:ReplicaRegion", ["*"])]),
		"of some Regions": _denies(fixture.everyone, [fixture.condition("StringEquals", "kms:ReplicaRegion", ["us-east-1"])]),
		"with a further condition": _denies(fixture.everyone, [_elsewhere, fixture.condition("Bool", "aws:MultiFactorAuthPresent", ["false"])]),
	}
	count(_says([_gives([]), deny])) == 1
}

test_passes_single_region_keys if {
_fail([_gives([])]) | _unknown([_gives([])]) == set()}

test_unknown_condition_of_a_deny if {
	statements := [_gives([]), _denies(fixture.everyone, [fixture.unknown_condition])]
	_says(statements) == set()
	count(_unsure(statements)) == 1
}

test_unknown_principal if {
	statement := fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:ReplicateKey"], [])
	_says([statement]) == set()
	count(_unsure([statement])) == 1
}

test_unknown[note] if {
	some note, statement in {
		"condition": _gives([fixture.unknown_condition]),
		"effect": object.union(_gives([]), {"effect": fixture.unknown("var.effect")}),
	}
	_says([statement]) == set()
	_unsure([statement]) == {$"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:role/app kms:ReplicateKey to any Region: {fixture.causes[note]}."}
}
