package kms.rules.invalid_spec_usage_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.specs
import data.kms.rules.invalid_spec_usage as rule

test_fails_for_every_pair_that_does_not_fit[note] if {
	some spec, served in specs.usages
	some usage in (specs.all_usages - served)
	note := $"{spec} {usage}"
	found := {finding.message | some finding in rule.fail} with input as pair(spec, usage)
	found == {$"Key usage is {usage}; key spec {spec} requires {concat(" or ", sort(served))}."}
}

test_fails_if_the_spec_is_invalid if {
	messages := {finding.message | some finding in rule.fail} with input as pair("RSA_1024", "SIGN_VERIFY")
	messages == {"RSA_1024 is not an AWS KMS key spec."}
	count(rule.unknown) == 0 with input as pair("RSA_1024", "SIGN_VERIFY")
}

test_fails_if_the_usage_is_invalid[note] if {
	some note, spec in {"known spec": "SYMMETRIC_DEFAULT", "unknown spec": fixture.unknown("var.spec")}
	messages := {finding.message | some finding in rule.fail} with input as pair(spec, "SIGN")
	messages == {"SIGN is not an AWS KMS key usage."}
	count(rule.unknown) == 0 with input as pair(spec, "SIGN")
}

test_fails_without_a_usage if {
	messages := {finding.message | some finding in rule.fail} with input as without_usage("RSA_2048")
	messages == {"Key usage is not set; key spec RSA_2048 requires ENCRYPT_DECRYPT or SIGN_VERIFY."}
}

test_fails_at_the_setting[note] if {
	some note, tc in {
		"spec": {"spec": "RSA_1024", "usage": "SIGN_VERIFY", "pointer": "/key/spec"},
		"usage": {"spec": "HMAC_256", "usage": "SIGN_VERIFY", "pointer": "/key/usage"},
	}
	key := object.union(
		fixture.key_of({"spec": tc.spec, "usage": tc.usage}),
		{"locations": {"spec": fixture.at("/key/spec"), "usage": fixture.at("/key/usage")}},
	)
	{finding.location.pointer | some finding in rule.fail} == {tc.pointer} with input as fixture.document([key], [])
}

test_passes_every_pair_that_fits[note] if {
	some spec, served in specs.usages
	some usage in served
	note := $"{spec} {usage}"
	count(rule.fail | rule.unknown) == 0 with input as pair(spec, usage)
}

test_passes_a_symmetric_key_without_a_usage if {
	count(rule.fail | rule.unknown) == 0 with input as without_usage("SYMMETRIC_DEFAULT")
}

test_passes_keys_without_their_own_spec[note] if {
	some note, key in {
		"replica": fixture.replica_of("key"),
		"replica that shows its primary's properties": object.union(
			fixture.replica_of("key"),
			{"properties": fixture.key_of({"spec": "RSA_1024"}).properties},
		),
		"standalone key policy": object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_unknown_spec[note] if {
	some note, document in {
		"with a usage": pair(fixture.unknown("var.spec"), "SIGN_VERIFY"),
		"without a usage": without_usage(fixture.unknown("var.spec")),
	}
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {"Cannot tell whether the key spec supports the key usage: `var.spec` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_unknown_usage if {
	document := pair("HMAC_256", fixture.unknown("var.usage"))
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {"Cannot tell whether the key spec supports the key usage: `var.usage` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_fails_if_the_spec_is_invalid_and_the_usage_unknown if {
	document := pair("RSA_1024", fixture.unknown("var.usage"))
	count(rule.fail) == 1 with input as document
	count(rule.unknown) == 0 with input as document
}

pair(spec, usage) := fixture.document_of({"spec": spec, "usage": usage})

without_usage(spec) := fixture.document(
	[object.union(
		object.remove(fixture.key_of({}), ["properties"]),
		{"properties": object.remove(fixture.key_of({"spec": spec}).properties, ["usage"])},
	)],
	[],
)
