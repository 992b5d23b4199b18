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

_gives := fixture.allow([_app], ["kms:ReplicateKey"], [])

test_fails if {
	_says([_gives]) == {"Statement 1 allows arn:aws:iam::111122223333:role/app kms:ReplicateKey to any Region: no condition restricts kms:ReplicaRegion."}
	_says([fixture.allow([_app], ["kms:Update*"], [])]) == {"Statement 1 allows arn:aws:iam::111122223333:role/app kms:UpdatePrimaryRegion to any Region: no condition restricts kms:PrimaryRegion."}
}

test_fails_for_everyone_in_the_account if {
	statement := fixture.allow([fixture.everyone], ["kms:ReplicateKey"], [])
	_says([fixture.reaching(statement, {"owner": true, "anyRegion": true})]) == {"Statement 1 allows everyone who meets the conditions kms:ReplicateKey to any Region: no condition restricts kms:ReplicaRegion."}
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"full access": fixture.allow([_app], ["kms:*"], []),
		"Regions": fixture.reaching(_gives, {"owner": true}),
		"nothing left": fixture.reaching(_gives, {}),
		"everyone, which is public": fixture.allow([fixture.everyone], ["kms:ReplicateKey"], []),
		"another action": fixture.allow([_app], ["kms:Decrypt"], []),
	}
	_says([statement]) | _unsure([statement]) == set()
}

test_passes_single_region_keys if {
	_fail([_gives]) == set()
	_unknown([_gives]) == set()
}

test_unknown_principal if {
	statement := fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:ReplicateKey"], [])
	_says([statement]) == set()
	count(_unsure([statement])) == 1
}

test_unknown_whether_it_is_the_root if {
	who := object.union(_app, {"kind": "iam", "text": "arn:aws:iam::111122223333:⟨var.who⟩"})
	statement := fixture.allow([who], ["kms:ReplicateKey"], [])
	_says([statement]) == set()
	count(_unsure([statement])) == 1
}

test_unknown[note] if {
	some note, statement in {
		"doubt": fixture.reaching(_gives, {"owner": true, "anyRegion": fixture.doubt}),
		"effect": object.union(_gives, {"effect": fixture.unknown("var.effect")}),
	}
	_says([statement]) == set()
	_unsure([statement]) == {$"Cannot tell whether statement 1 allows arn:aws:iam::111122223333:role/app kms:ReplicateKey to any Region: {fixture.causes[note]}."}
}
