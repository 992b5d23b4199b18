package kms.rules.policy_version_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.policy_version as rule

_fail(fields) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document([fixture.with_policy(fields)], [])
}

_unknown(fields) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document([fixture.with_policy(fields)], [])
}

test_fails if {
	_fail({"version": "2008-10-17"}) == {"The key policy version is 2008-10-17; the required version is 2012-10-17."}
	_fail({"version": null}) == {"The key policy has no Version, so AWS uses 2008-10-17; the required version is 2012-10-17."}
}

test_passes if {
	_fail({"version": "2012-10-17"}) == set()
	_unknown({"version": "2012-10-17"}) == set()
}

test_not_shown if {
	key := object.union(fixture.key_of({}), {"policy": {"state": "partial", "statements": [], "problems": [], "location": fixture.at("/policy")}})
	rule.fail | rule.unknown == set() with input as fixture.document([key], [])
}

test_unknown if {
	_fail({"version": "⟨var.version⟩"}) == set()
	_unknown({"version": "⟨var.version⟩"}) == {"Cannot tell whether the key policy has a Version other than 2012-10-17: `var.version` is unknown."}
	_unknown({"version": "⟨var.version⟩", "state": "partial"}) == set()
}
