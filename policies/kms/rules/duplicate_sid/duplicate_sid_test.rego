package kms.rules.duplicate_sid_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.duplicate_sid as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_sid(sid) := object.union(fixture.statement({}), {"sid": sid})

test_fails if {
	_fail([_sid("A"), _sid("B"), _sid("A")]) == {"Statements 1 and 3 have the same Sid, \"A\"; a Sid must be unique within a policy."}
}

test_names_the_first_statement_with_the_sid if {
	_fail([_sid("B"), _sid("A"), _sid("A")]) == {"Statements 2 and 3 have the same Sid, \"A\"; a Sid must be unique within a policy."}
}

test_reports_only_repeated_sids if {
	count(_fail([_sid("A"), _sid("A"), _sid(null), _sid(null), _sid("⟨var.x⟩"), _sid("⟨var.x⟩")])) == 1
}

test_passes[note] if {
	some note, sids in {
		"different": ["A", "a"],
		"none": [null, null],
		"empty": ["", ""],
		"unknown parts": ["A⟨var.x⟩", "A⟨var.x⟩"],
	}
	statements := [_sid(sid) | some sid in sids]
	_fail(statements) | _unknown(statements) == set()
}
