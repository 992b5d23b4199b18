package kms.rules.policy_too_large_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.policy_too_large as rule

_fail(size) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document([fixture.with_policy({"size": size})], [])
}

test_fails[note] if {
	some note, example in {
		"bytes": [{"bytes": 40000, "isLowerBound": false}, "The key policy has 40000 bytes; AWS KMS accepts at most 32768."],
		"one byte too many": [{"bytes": 32769, "isLowerBound": false}, "The key policy has 32769 bytes; AWS KMS accepts at most 32768."],
		"and more": [{"bytes": 40000, "isLowerBound": true}, "The key policy has at least 40000 bytes; AWS KMS accepts at most 32768."],
		"a character": [
			{"bytes": 400, "isLowerBound": false, "unsupportedCharacter": {"text": "漢", "location": fixture.at("/policy")}},
			"The key policy contains the character 漢; AWS KMS accepts only tab, line feed, carriage return and U+0020 to U+00FF.",
		],
		"a sensitive one": [
			{"bytes": 400, "isLowerBound": false, "unsupportedCharacter": {"location": fixture.at("/policy")}},
			"The key policy contains an unsupported character in a sensitive value; AWS KMS accepts only tab, line feed, carriage return and U+0020 to U+00FF.",
		],
	}
	_fail(example[0]) == {example[1]}
}

test_passes[note] if {
	some note, size in {
		"at the limit": {"bytes": 32768, "isLowerBound": false},
		"small, and more": {"bytes": 500, "isLowerBound": true},
	}
	_fail(size) | rule.unknown == set()
}

test_fails_for_a_policy_that_is_not_evaluated if {
	policy := {"state": "unreadable", "statements": [], "size": {"bytes": 200000, "isLowerBound": false}}
	findings := rule.fail with input as fixture.document([fixture.with_policy(policy)], [])
	count(findings) == 1
}
