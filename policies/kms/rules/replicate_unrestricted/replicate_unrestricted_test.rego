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

test_fails_for_each_kind_of_principal[kind] if {
	some kind in ["user", "role", "assumed-role", "federated-user", "federated"]
	statement := fixture.allow([fixture.principal({"kind": kind, "text": "app"})], ["kms:ReplicateKey"], [])
	_says([fixture.reaching(statement, {"anyRegion": true})]) == {"Statement 1 allows app kms:ReplicateKey to any Region: no condition restricts kms:ReplicaRegion."}
}

test_fails_for_a_policy_of_a_key_that_is_not_in_the_input if {
	policy := object.union(object.remove(fixture.key_with([_gives]), ["properties"]), {"kind": "policy"})
	count(rule.fail) == 1 with input as fixture.document([policy], [])
}

test_partial_policies_are_never_unknown if {
	statement := object.union(_gives, {"effect": fixture.unknown("var.effect")})
	key := object.union(fixture.with_policy({"state": "partial", "statements": [statement]}), {"properties": {"multiRegion": true}})
	rule.unknown == set() with input as fixture.document([key], [])
}

test_passes[note] if {
	some note, statement in {
		"the root": fixture.statement({}),
		"the root, by the name of the action": fixture.allow([fixture.owner_root], ["kms:ReplicateKey"], []),
		"a service": fixture.reaching(fixture.allow([fixture.service("s3.amazonaws.com")], ["kms:ReplicateKey"], []), {"anyRegion": true}),
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

test_an_unknown_principal_may_be_the_root_if_conditions_leave_out_everyone_else if {
	statement := fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:ReplicateKey"], [])
	restricted := fixture.reaching(statement, {"owner": true, "anyRegion": true})
	_says([restricted]) == set()
	_unsure([restricted]) == {"Cannot tell whether statement 1 allows ⟨var.p⟩ kms:ReplicateKey to any Region: `var.p` is unknown."}
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
