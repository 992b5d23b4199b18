package kms.rules.malformed_policy_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.malformed_policy as rule

_problem := {"message": "statement 2 has no Effect", "location": fixture.at("/key/policy/Statement/1")}

test_fails_for_each_problem if {
	other := {"message": "statement 3 has an empty Action", "location": fixture.at("/key/policy/Statement/2")}
	key := fixture.with_policy({"problems": [_problem, other]})
	findings := rule.fail with input as fixture.document([key], [])
	{[finding.message, finding.location.pointer] | some finding in findings} == {
		["The key policy is malformed: statement 2 has no Effect.", "/key/policy/Statement/1"],
		["The key policy is malformed: statement 3 has an empty Action.", "/key/policy/Statement/2"],
	}
}

test_fails_in_every_state_of_the_policy[state] if {
	some state in ["resolved", "partial", "unreadable", "unresolved"]
	key := fixture.with_policy({"state": state, "problems": [_problem]})
	count(rule.fail) == 1 with input as fixture.document([key], [])
}

test_passes_a_policy_without_problems if {
	rule.fail == set() with input as fixture.document([fixture.key_with([fixture.statement({})]), fixture.key_of({})], [])
}

test_never_unknown if {
	key := fixture.with_policy({"state": "unresolved", "problems": [_problem]})
	count(rule.unknown) == 0 with input as fixture.document([key], [])
}
