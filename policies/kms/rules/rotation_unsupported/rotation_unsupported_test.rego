package kms.rules.rotation_unsupported_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.rotation_unsupported as rule

test_fails_and_names_the_obstacle[note] if {
	some note, tc in {
		"spec": {"properties": {"spec": "RSA_2048"}, "obstacle": "its spec is RSA_2048"},
		"usage": {"properties": {"usage": "SIGN_VERIFY"}, "obstacle": "its usage is SIGN_VERIFY"},
		"origin": {"properties": {"origin": "EXTERNAL"}, "obstacle": "its origin is EXTERNAL"},
		"key store": {
			"properties": {"customKeyStore": true, "origin": "AWS_CLOUDHSM"},
			"obstacle": "it is in a custom key store",
		},
		"disabled besides": {"properties": {"spec": "HMAC_256", "enabled": false}, "obstacle": "its spec is HMAC_256"},
	}
	every set in [{"rotation": true}, {"rotationPeriodDays": 365}] {
		document := fixture.document_of(object.union(tc.properties, set))
		messages := {finding.message | some finding in rule.fail} with input as document
		messages == {$"Automatic key rotation is configured, but AWS KMS cannot rotate this key: {tc.obstacle}."}
		count(rule.unknown) == 0 with input as document
	}
}

test_fails_for_a_replica if {
	messages := {finding.message | some finding in rule.fail} with input as replica_with({"rotation": true})
	messages == {"Automatic key rotation is configured, but AWS KMS cannot rotate this key: it is a replica, which rotates with its primary."}
}

test_passes[note] if {
	some note, properties in {
		"symmetric": {"rotation": true},
		"symmetric with a period": {"rotation": true, "rotationPeriodDays": 180},
		"disabled symmetric": {"rotation": true, "enabled": false},
		"rotation off": {"spec": "RSA_2048", "rotation": false},
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document_of(properties)
}

test_passes_a_replica_and_a_bare_policy if {
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([fixture.replica_of("key")], [])
	count(rule.fail | rule.unknown) == 0 with input as replica_with({"rotation": false})
	policy := object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"})
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([policy], [])
}

test_unknown_whether_it_can_rotate[field] if {
	some field in ["spec", "usage", "origin", "customKeyStore"]
	document := fixture.document_of({field: fixture.unknown($"var.{field}"), "rotation": true})
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {$"Cannot tell whether automatic key rotation is configured for a key that AWS KMS cannot rotate: `var.{field}` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_unknown_whether_rotation_is_set[field] if {
	some field in ["rotation", "rotationPeriodDays"]
	document := fixture.document_of({field: fixture.unknown($"var.{field}"), "spec": "RSA_2048"})
	count(rule.unknown) == 1 with input as document
	count(rule.fail) == 0 with input as document
}

test_passes_if_no_unknown_value_matters[note] if {
	some note, properties in {
		"symmetric, rotation unknown": {"rotation": fixture.unknown("var.rotate")},
		"rotation off, spec unknown": {"spec": fixture.unknown("var.spec")},
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document_of(properties)
}

replica_with(properties) := fixture.document(
	[object.union(fixture.replica_of("key"), {"properties": object.union({"rotationPeriodDays": null}, properties)})],
	[],
)
