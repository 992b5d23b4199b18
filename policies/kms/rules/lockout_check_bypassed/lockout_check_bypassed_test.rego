package kms.rules.lockout_check_bypassed_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.lockout_check_bypassed as rule

test_fails_if_bypassed[note] if {
	some note, key in {
		"key": fixture.key_of({"bypassLockoutSafetyCheck": true}),
		"replica": object.union(
			fixture.replica_of("key"),
			{"properties": {"bypassLockoutSafetyCheck": true}},
		),
	}
	{finding.message | some finding in rule.fail} == {"The policy lockout safety check is bypassed, so AWS KMS does not verify that the caller can still change the key policy."} with input as fixture.document([key], [])
	count(rule.unknown) == 0 with input as fixture.document([key], [])
}

test_fails_at_the_setting if {
	key := object.union(
		fixture.key_of({"bypassLockoutSafetyCheck": true}),
		{"locations": {"bypassLockoutSafetyCheck": fixture.at("/key/bypass")}},
	)
	{finding.location.pointer | some finding in rule.fail} == {"/key/bypass"} with input as fixture.document([key], [])
}

test_passes[note] if {
	some note, key in {
		"not bypassed": fixture.key_of({"bypassLockoutSafetyCheck": false}),
		"standalone key policy": object.union(
			object.remove(fixture.key_with([fixture.statement({})]), ["properties"]),
			{"kind": "policy"},
		),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_unknown_bypass if {
	messages := {finding.message | some finding in rule.unknown} with input as document_of_unknown
	messages == {"Cannot tell whether the policy lockout safety check is bypassed: `var.bypass` is known only after apply."}
	count(rule.fail) == 0 with input as document_of_unknown
}

document_of_unknown := fixture.document_of({"bypassLockoutSafetyCheck": fixture.unknown("var.bypass")})
