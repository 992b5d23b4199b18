package kms.rules.dangling_principal_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.dangling_principal as rule

_gone := fixture.principal({"kind": "unique-id", "text": "AROAJQABLZS4A3QDU576Q"})

test_fails if {
	document := fixture.document_with([fixture.allow([fixture.owner_root, _gone], ["kms:Decrypt"], [])])
	{finding.message | some finding in rule.fail} == {"Statement 1 names AROAJQABLZS4A3QDU576Q, the unique ID of a deleted principal, instead of the ARN of an existing principal."} with input as document
}

test_passes_others[note] if {
	some note, principal in {
		"role": fixture.role(fixture.owner, "app"),
		"unknown": fixture.unknown_principal("AWS", "var.principal"),
		"everyone": fixture.everyone,
	}
	rule.fail | rule.unknown == set() with input as fixture.document_with([fixture.allow([principal], ["kms:Decrypt"], [])])
}
