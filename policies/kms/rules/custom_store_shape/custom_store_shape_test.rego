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
		"spec": [{"customKeyStore": true, "spec": "RSA_2048"}, "The key stands in a custom key store, and its spec is not SYMMETRIC_DEFAULT."],
		"multi-Region": [{"customKeyStore": true, "multiRegion": true}, "The key stands in a custom key store and is multi-Region, which KMS does not allow."],
		"no store": [{"xksKey": true}, "The key names an external key (xks_key_id) and no custom key store."],
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
	_unknown(_of(properties)) == {"Cannot tell whether the properties of the key fit a custom key store: `var.x` is known only after apply."}
}

test_passes_replicas if {
	_fail(fixture.document([fixture.replica_of("key")], [])) == set()
}
