package kms.rules.resource_not_star_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.resource_not_star as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_about(resources, on) := object.union(fixture.statement({}), {"resources": resources, "matchesKey": on})

_bucket := "arn:aws:s3:::logs"

test_fails if {
	_fail([_about([_bucket], "no")]) == {"Statement 1 is about arn:aws:s3:::logs, which is not this key, and has no effect."}
	not_star := object.union(_about(["*"], "no"), {"notResource": true})
	_fail([not_star]) == {"Statement 1 is about all but *, which is not this key, and has no effect."}
}

test_passes if {
_fail([_about(["*"], "yes")]) | _unknown([_about(["*"], "yes")]) == set()}

test_unknown if {
	_fail([_about(["⟨var.key⟩"], "unknown")]) == set()
	_unknown([_about(["⟨var.key⟩"], "unknown")]) == {"Cannot tell whether the Resource of statement 1, ⟨var.key⟩, matches this key: `var.key` is unknown."}
}
