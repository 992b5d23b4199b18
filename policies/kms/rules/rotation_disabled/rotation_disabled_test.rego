package kms.rules.rotation_disabled_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.rotation_disabled as rule

test_fails_for_a_key_that_can_rotate[note] if {
	some note, properties in {
		"off": {"rotation": false},
		"multi-Region primary": {"rotation": false, "multiRegion": true},
		"a period without rotation": {"rotation": false, "rotationPeriodDays": 90},
	}
	{finding.message | some finding in rule.fail} == {"Automatic key rotation is disabled, although AWS KMS supports it for this key."} with input as fixture.document_of(properties)
	count(rule.unknown) == 0 with input as fixture.document_of(properties)
}

test_passes[note] if {
	some note, key in {
		"rotation on": fixture.key_of({"rotation": true}),
		"RSA": fixture.key_of({"spec": "RSA_2048"}),
		"HMAC": fixture.key_of({"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"}),
		"spec without usage": without(fixture.key_of({"spec": "RSA_2048"}), "usage"),
		"usage other than encryption": fixture.key_of({"usage": "GENERATE_VERIFY_MAC"}),
		"imported material": fixture.key_of({"origin": "EXTERNAL"}),
		"custom key store": fixture.key_of({"customKeyStore": true, "origin": "AWS_CLOUDHSM"}),
		"disabled": fixture.key_of({"enabled": false}),
		"a type of key that has no rotation": without(fixture.key_of({"origin": "EXTERNAL"}), "rotation"),
		"replica": fixture.replica_of("key"),
		"replica that shows its primary's properties": object.union(
			fixture.replica_of("key"),
			{"properties": fixture.key_of({}).properties},
		),
		"standalone key policy": object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_unknown_each_setting[field] if {
	some field in ["rotation", "spec", "usage", "origin", "customKeyStore", "enabled"]
	document := fixture.document_of({field: fixture.unknown($"var.{field}")})
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {$"Cannot tell whether automatic key rotation is disabled for a key that supports it: `var.{field}` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_passes_if_no_unknown_value_matters[note] if {
	some note, properties in {
		"rotation on, spec unknown": {"rotation": true, "spec": fixture.unknown("var.spec")},
		"disabled, rotation unknown": {"enabled": false, "rotation": fixture.unknown("var.rotate")},
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document_of(properties)
}

without(key, setting) := object.union(
	object.remove(key, ["properties"]),
	{"properties": object.remove(key.properties, [setting])},
)
