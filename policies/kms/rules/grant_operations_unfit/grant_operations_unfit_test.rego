package kms.rules.grant_operations_unfit_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_operations_unfit as rule

test_fails[note] if {
	some note, tc in {
		"a symmetric key": {
			"operations": ["Decrypt", "Sign", "Verify"],
			"settings": {},
			"want": "A key of spec SYMMETRIC_DEFAULT and usage ENCRYPT_DECRYPT cannot do Sign, Verify.",
		},
		"an asymmetric key": {
			"operations": ["Decrypt", "GenerateDataKey"],
			"settings": {"spec": "RSA_4096"},
			"want": "A key of spec RSA_4096 and usage ENCRYPT_DECRYPT cannot do GenerateDataKey.",
		},
		"an HMAC key": {
			"operations": ["GenerateMac", "GetPublicKey"],
			"settings": {"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"},
			"want": "A key of spec HMAC_256 and usage GENERATE_VERIFY_MAC cannot do GetPublicKey.",
		},
		"whatever the usage": {
			"operations": ["GenerateMac"],
			"settings": {"spec": "RSA_4096", "usage": fixture.unknown("var.usage")},
			"want": "No key that this may be can do GenerateMac.",
		},
		"whatever the key": {
			"operations": ["Encrypt", "Sign"],
			"settings": {"spec": "RSA_4096", "usage": fixture.unknown("var.usage")},
			"want": "No one key can do all of Encrypt, Sign.",
		},
		"whatever else is granted": {
			"operations": ["Sign", fixture.unknown("var.op")],
			"settings": {},
			"want": "A key of spec SYMMETRIC_DEFAULT and usage ENCRYPT_DECRYPT cannot do Sign.",
		},
	}
	document := fixtures.document_of({"operations": tc.operations}, tc.settings)
	fixtures.messages(rule.fail) == {tc.want} with input as document
	rule.unknown == set() with input as document
}

test_passes[note] if {
	some note, tc in {
		"a symmetric key": {"operations": ["Decrypt", "GenerateDataKey", "ReEncryptFrom"], "settings": {}},
		"a signing key": {
			"operations": ["Sign", "Verify", "GetPublicKey"],
			"settings": {"spec": "ECC_NIST_P256", "usage": "SIGN_VERIFY"},
		},
		"what every key can do": {
			"operations": ["DescribeKey", "CreateGrant", "RetireGrant"],
			"settings": {"spec": fixture.unknown("var.spec"), "usage": fixture.unknown("var.usage")},
		},
		"no legal pair": {"operations": ["Sign"], "settings": {"spec": "HMAC_256"}},
	}
	document := fixtures.document_of({"operations": tc.operations}, tc.settings)
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"operations": {"fields": {"operations": fixture.unknown("var.ops")}, "settings": {}},
		"operation": {"fields": {"operations": ["Decrypt", fixture.unknown("var.op")]}, "settings": {}},
		"spec": {"fields": {"operations": ["GenerateDataKey"]}, "settings": {"spec": fixture.unknown("var.spec")}},
		"usage": {
			"fields": {"operations": ["Sign"]},
			"settings": {"spec": "RSA_2048", "usage": fixture.unknown("var.usage")},
		},
		"key": {"fields": fixtures.outside(fixture.unknown("var.key")), "settings": {}},
	}
	document := fixtures.document_of(tc.fields, tc.settings)
	fixtures.messages(rule.unknown) == {"Whether the key can do what the grant is for is not known: the grant's operations, or the key's spec and usage, are not fully known."} with input as document
	rule.fail == set() with input as document
}
