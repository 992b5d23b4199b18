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
	_fail([_about([_bucket], "no")]) == {"Statement 1 has no effect: its Resource (arn:aws:s3:::logs) does not match this key."}
	not_star := object.union(_about(["*"], "no"), {"notResource": true})
	_fail([not_star]) == {"Statement 1 has no effect: its NotResource (*) excludes this key."}
}

test_passes if {
	_fail([_about(["*"], "yes")]) == set()
	_unknown([_about(["*"], "yes")]) == set()
}

test_unknown if {
	_fail([_about(["⟨var.key⟩"], "unknown")]) == set()
	_unknown([_about(["⟨var.key⟩"], "unknown")]) == {"Cannot tell whether statement 1, whose Resource is ⟨var.key⟩, applies to this key: `var.key` is unknown."}
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_about(["⟨var.key⟩"], "unknown")]})
	rule.unknown == set() with input as fixture.document([key], [])
}
