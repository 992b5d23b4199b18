package kms.rules.immutable_change_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.immutable_change as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_key(before, properties, actions) := fixture.document(
	[object.union(
		fixture.key_of(properties),
		{"change": {"actions": actions, "before": before}},
	)],
	[],
)

test_fails[note] if {
	some note, example in {
		"spec": [{"spec": "RSA_2048"}, {"spec": "RSA_4096"}, "key spec", "RSA_2048", "RSA_4096"],
		"usage": [{"usage": "SIGN_VERIFY"}, {}, "key usage", "SIGN_VERIFY", "ENCRYPT_DECRYPT"],
		"origin": [{"origin": "EXTERNAL"}, {}, "origin", "EXTERNAL", "AWS_KMS"],
		"multi-Region": [{"multiRegion": true}, {}, "multi-Region property", "true", "false"],
		"store": [{"customKeyStoreId": null}, {"customKeyStoreId": "cks-1"}, "custom key store", "none", "cks-1"],
	}
	every change in [
		[["delete", "create"], "Terraform replaces the key (deletes and recreates it)"],
		[["create"], "the update fails"],
		[["delete"], "Terraform replaces the key (deletes and recreates it)"],
		[["update"], "the update fails"],
	] {
		_fail(_key(example[0], example[1], change[0])) == {$"The plan changes the {example[2]} of an existing key from {example[3]} to {example[4]}. AWS KMS cannot change it: {change[1]}."}
	}
}

test_passes[note] if {
	some note, document in {
		"the same": _key({"spec": "SYMMETRIC_DEFAULT", "multiRegion": false}, {}, ["update"]),
		"nothing changes": _key({"spec": "RSA_2048"}, {}, ["no-op"]),
		"a new key": fixture.document_of({"spec": "RSA_2048"}),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	after := _key({"spec": "RSA_2048"}, {"spec": fixture.unknown("var.spec")}, ["update"])
	_fail(after) == set()
	_unknown(after) == {"Cannot tell whether the plan changes the key spec of an existing key: `var.spec` is known only after apply."}
	before := _key({"spec": fixture.unknown("var.spec")}, {}, ["update"])
	_unknown(before) == {"Cannot tell whether the plan changes the key spec of an existing key: `var.spec` is known only after apply."}
}

test_fails_in_a_request_to_a_cluster if {
	key := object.union(fixture.key_of({"spec": "RSA_2048"}), {"type": "kms.services.k8s.aws/Key"})
	document := fixture.document([object.union(key, {"change": {"actions": ["update"], "before": {"spec": "RSA_4096"}}})], [])
	_fail(document) == {"The request changes the key spec of an existing key from RSA_4096 to RSA_2048. AWS KMS cannot change it: the controller cannot apply the update."}
}

test_fails_in_a_change_set if {
	key := object.union(fixture.key_of({"spec": "RSA_2048"}), {"type": "AWS::KMS::Key"})
	document := fixture.document([object.union(key, {"change": {"actions": ["delete", "create"], "before": {"spec": "RSA_4096"}}})], [])
	_fail(document) == {"The change set changes the key spec of an existing key from RSA_4096 to RSA_2048. AWS KMS cannot change it: the stack update fails."}
}
