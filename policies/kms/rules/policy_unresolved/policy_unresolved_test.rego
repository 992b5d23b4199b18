package kms.rules.policy_unresolved_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.policy_unresolved as rule

_key(state) := fixture.with_policy({
	"state": state,
	"unknown": {"reason": "known only after apply", "expression": "data.aws_iam_policy_document.key.json"},
})

test_unknown[state] if {
	some state, want in {
		"unresolved": "Cannot evaluate the key policy: `data.aws_iam_policy_document.key.json` is known only after apply.",
		"partial": "Cannot evaluate the key policy in full: `data.aws_iam_policy_document.key.json` is known only after apply.",
	}
	findings := rule.unknown with input as fixture.document([_key(state)], [])
	{[finding.message, finding.location.pointer] | some finding in findings} == {[want, "/key/policy"]}
}

test_passes[state] if {
	some state in ["absent", "resolved", "unreadable"]
	findings := rule.unknown with input as fixture.document([_key(state)], [])
	findings == set()
}

test_never_fails if {
	count(rule.fail) == 0 with input as fixture.document([_key("unresolved")], [])
}
