package kms.rules.custom_store_shape_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.custom_store_shape as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_of(properties) := fixture.document_of(object.union({"xksKey": false}, properties))

test_fails[note] if {
	some note, example in {
		"spec": [{"customKeyStore": true, "spec": "RSA_2048"}, "The key is in a custom key store, but its key spec is RSA_2048; a custom key store requires SYMMETRIC_DEFAULT."],
		"multi-Region": [{"customKeyStore": true, "multiRegion": true}, "The key is a multi-Region key in a custom key store; custom key stores support only single-Region keys."],
		"no store": [{"xksKey": true}, "The key has an external key ID (xks_key_id) but no custom key store; an external key requires an external key store."],
	}
	_fail(_of(example[0])) == {example[1]}
}

test_passes[note] if {
	some note, properties in {
		"no store": {"spec": "RSA_2048", "multiRegion": true},
		"a fitting key": {"customKeyStore": true},
		"an external key in a store": {"customKeyStore": true, "xksKey": true},
		"unknown spec without store": {"spec": fixture.unknown("var.spec")},
	}
	_fail(_of(properties)) | _unknown(_of(properties)) == set()
}

test_unknown[note] if {
	some note, properties in {
		"store": {"customKeyStore": fixture.unknown("var.x"), "spec": "RSA_2048"},
		"spec": {"customKeyStore": true, "spec": fixture.unknown("var.x")},
		"multi-Region": {"customKeyStore": true, "multiRegion": fixture.unknown("var.x")},
		"external key": {"xksKey": fixture.unknown("var.x")},
	}
	_fail(_of(properties)) == set()
	_unknown(_of(properties)) == {"Cannot tell whether the key properties are valid for a custom key store: `var.x` is known only after apply."}
}

test_passes_replicas if {
	_fail(fixture.document([fixture.replica_of("key")], [])) == set()
}

test_fails_at_the_property[property] if {
	some property, properties in {
		"spec": {"customKeyStore": true, "spec": "RSA_2048"},
		"multiRegion": {"customKeyStore": true, "multiRegion": true},
		"origin": {"xksKey": true},
	}
	key := object.union(fixture.key_of(properties), {"locations": {property: fixture.at("/property")}})
	{finding.location.pointer | some finding in rule.fail} == {"/property"} with input as fixture.document([key], [])
}

test_passes_a_key_without_these_properties if {
	key := fixture.key_of({"customKeyStore": true})
	_fail(fixture.document_of({})) == set()
	_fail(fixture.document([object.union(object.remove(key, ["properties"]), {"properties": object.remove(key.properties, ["multiRegion"])})], [])) == set()
}
