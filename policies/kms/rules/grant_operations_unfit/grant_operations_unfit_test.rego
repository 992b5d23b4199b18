package kms.rules.grant_operations_unfit_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_operations_unfit as rule

test_fails[note] if {
	some note, tc in {
		"a symmetric key": {
			"operations": ["Decrypt", "Sign", "Verify"],
			"properties": {},
			"want": "The grant contains Sign and Verify, which a key with key spec SYMMETRIC_DEFAULT and key usage ENCRYPT_DECRYPT does not support.",
		},
		"an asymmetric key": {
			"operations": ["Decrypt", "GenerateDataKey"],
			"properties": {"spec": "RSA_4096"},
			"want": "The grant contains GenerateDataKey, which a key with key spec RSA_4096 and key usage ENCRYPT_DECRYPT does not support.",
		},
		"an HMAC key": {
			"operations": ["GenerateMac", "GetPublicKey"],
			"properties": {"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"},
			"want": "The grant contains GetPublicKey, which a key with key spec HMAC_256 and key usage GENERATE_VERIFY_MAC does not support.",
		},
		"whatever the usage": {
			"operations": ["GenerateMac"],
			"properties": {"spec": "RSA_4096", "usage": fixture.unknown("var.x")},
			"want": "The grant contains GenerateMac, which no possible key spec and key usage of the key supports.",
		},
		"whatever the key": {
			"operations": ["Encrypt", "Sign"],
			"properties": {"spec": "RSA_4096", "usage": fixture.unknown("var.x")},
			"want": "The grant combines Encrypt and Sign, but no possible key spec and key usage of the key supports all of them.",
		},
		"whatever else is granted": {
			"operations": ["Sign", fixture.unknown("var.x")],
			"properties": {},
			"want": "The grant contains Sign, which a key with key spec SYMMETRIC_DEFAULT and key usage ENCRYPT_DECRYPT does not support.",
		},
	}
	document := fixtures.document_of({"operations": tc.operations}, tc.properties)
	fixtures.messages(rule.fail) == {tc.want} with input as document
	rule.unknown == set() with input as document
}

test_passes[note] if {
	some note, tc in {
		"a symmetric key": {"operations": ["Decrypt", "GenerateDataKey", "ReEncryptFrom"], "properties": {}},
		"a signing key": {
			"operations": ["Sign", "Verify", "GetPublicKey"],
			"properties": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
		},
		"what every key can do": {
			"operations": ["DescribeKey", "CreateGrant", "RetireGrant"],
			"properties": {"spec": fixture.unknown("var.x"), "usage": fixture.unknown("var.x")},
		},
		"no legal pair": {"operations": ["Sign"], "properties": {"spec": "HMAC_256"}},
	}
	document := fixtures.document_of({"operations": tc.operations}, tc.properties)
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"operations": {"fields": {"operations": fixture.unknown("var.x")}, "properties": {}},
		"operation": {"fields": {"operations": ["Decrypt", fixture.unknown("var.x")]}, "properties": {}},
		"spec": {"fields": {"operations": ["GenerateDataKey"]}, "properties": {"spec": fixture.unknown("var.x")}},
		"usage": {
			"fields": {"operations": ["Sign"]},
			"properties": {"spec": "RSA_2048", "usage": fixture.unknown("var.x")},
		},
		"key": {"fields": fixtures.outside(fixture.unknown("var.x")), "properties": {}},
	}
	document := fixtures.document_of(tc.fields, tc.properties)
	fixtures.messages(rule.unknown) == {"Cannot tell whether the key supports all operations of the grant: `var.x` is known only after apply."} with input as document
	rule.fail == set() with input as document
}
