package kms.rules.policy_set_twice_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.policy_set_twice as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_other := {"resource": "aws_kms_key.main", "location": fixture.at("/other")}

test_fails if {
	key := fixture.with_policy({"attachedBy": "aws_kms_key_policy.main", "otherPolicies": [_other]})
	_unknown(fixture.document([key], [])) == set()
	_fail(fixture.document([key], [])) == {"Both aws_kms_key_policy.main and aws_kms_key.main set the key policy; AWS KMS keeps only the one applied last."}
}

test_unknown if {
	other := object.union(_other, {"conditional": true})
	document := fixture.document([fixture.with_policy({"attachedBy": "aws_kms_key_policy.main", "otherPolicies": [other]})], [])
	_fail(document) == set()
	_unknown(document) == {"Cannot tell whether both aws_kms_key_policy.main and aws_kms_key.main set the key policy: the policy in aws_kms_key.main may be null or the current policy."}
}

test_passes if {
	document := fixture.document([fixture.with_policy({}), fixture.with_policy({"otherPolicies": []})], [])
	_fail(document) | _unknown(document) == set()
}
