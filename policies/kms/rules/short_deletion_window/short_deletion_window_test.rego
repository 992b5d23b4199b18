package kms.rules.short_deletion_window_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.short_deletion_window as rule

test_fails_below_the_minimum[days] if {
	some days in [7, 14, 29]
	found := rule.fail with input as of(days)
	{finding.message | some finding in found} == {$"Deletion waiting period is {days} days; the configured minimum is 30."}
	{finding | some finding in found; finding.level} == set()
}

test_fails_as_an_error_if_kms_refuses_the_window[days] if {
	some days in [0, 6, 31, 90]
	found := {[finding.level, finding.message] | some finding in rule.fail} with input as of(days)
	found == {["error", $"Deletion waiting period is {days} days; AWS KMS requires 7 to 30."]}
}

test_fails_for_a_replica if {
	replica := object.union(fixture.replica_of("key"), {"properties": {"deletionWindowDays": 7}})
	count(rule.fail) == 1 with input as fixture.document([replica], [])
}

test_passes[note] if {
	some note, days in {"full": 30, "AWS's default": null}
	count(rule.fail | rule.unknown) == 0 with input as of(days)
}

test_passes_a_bare_policy if {
	policy := object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"})
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([policy], [])
}

test_passes_at_a_configured_minimum if {
	count(rule.fail) == 0 with input as of(14) with data.keywarden.settings as minimum(14)
}

test_fails_below_a_configured_minimum if {
	messages := {finding.message | some finding in rule.fail} with input as of(13)
		with data.keywarden.settings as minimum(14)
	messages == {"Deletion waiting period is 13 days; the configured minimum is 14."}
}

test_unknown_window if {
	document := of(fixture.unknown("var.days"))
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {"Cannot tell whether the deletion waiting period is at least 30 days: `var.days` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

of(days) := fixture.document_of({"deletionWindowDays": days})

minimum(days) := {"short_deletion_window": {"minimum": days}}
