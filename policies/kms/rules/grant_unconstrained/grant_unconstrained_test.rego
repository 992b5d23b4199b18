package kms.rules.grant_unconstrained_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_unconstrained as rule

test_fails[note] if {
	some note, tc in {
		"decrypting": {"fields": {}, "given": "Decrypt"},
		"data keys": {
			"fields": {"operations": ["DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyPairWithoutPlaintext"]},
			"given": "GenerateDataKey and GenerateDataKeyPairWithoutPlaintext",
		},
		"next to what the key cannot do": {"fields": {"operations": ["Decrypt", "Sign"]}, "given": "Decrypt"},
		"next to what is not known": {"fields": {"operations": ["Decrypt", fixture.unknown("var.op")]}, "given": "Decrypt"},
		"a constraint of no pairs": {"fields": fixtures.equals({}), "given": "Decrypt"},
		"a key that can only be symmetric": {
			"fields": object.union(fixtures.outside(fixture.unknown("var.x")), {"operations": ["Decrypt", "GenerateDataKey"]}),
			"given": "Decrypt and GenerateDataKey",
		},
	}
	document := fixtures.document_of(tc.fields, {})
	fixtures.messages(rule.fail) == {$"The grant allows arn:aws:iam::111122223333:role/app to use {tc.given} with any encryption context, because no encryption context constraint limits it."} with input as document
	rule.unknown == set() with input as document
}

test_fails_for_each_operation_that_a_context_can_constrain[operation] if {
	some operation in ["Decrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext"]
	count(rule.fail) == 1 with input as fixtures.document_of({"operations": [operation]}, {})
}

test_passes[note] if {
	some note, tc in {
		"a constraint": {"fields": fixtures.equals({"Department": "media"}), "properties": {}},
		"a subset": {"fields": {"constraints": {"encryptionContextSubset": {"Tenant": fixture.unknown("var.t")}}}, "properties": {}},
		"other operations": {"fields": {"operations": ["Encrypt", "DescribeKey"]}, "properties": {}},
		"an asymmetric key": {"fields": {}, "properties": {"spec": "RSA_4096"}},
		"a service": {"fields": {"grantee": fixture.service("dynamodb.amazonaws.com")}, "properties": {}},
		"a service's role": {
			"fields": {"grantee": fixture.role(fixture.owner, "aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")},
			"properties": {},
		},
		"everyone, whom KMS refuses": {"fields": {"grantee": fixture.everyone}, "properties": {}},
		"no principal": {"fields": {"grantee": fixture.principal({"kind": "invalid", "text": "x"})}, "properties": {}},
		"no legal pair": {"fields": {}, "properties": {"usage": "SIGN_VERIFY"}},
	}
	document := fixtures.document_of(tc.fields, tc.properties)
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"operations": {"fields": {"operations": fixture.unknown("var.x")}, "properties": {}},
		"constraints": {"fields": fixtures.equals(fixture.unknown("var.x")), "properties": {}},
		"spec": {"fields": {}, "properties": {"spec": fixture.unknown("var.x")}},
		"key": {"fields": fixtures.outside(fixture.unknown("var.x")), "properties": {}},
	}
	document := fixtures.document_of(tc.fields, tc.properties)
	fixtures.messages(rule.unknown) == {"Cannot tell whether the grant allows arn:aws:iam::111122223333:role/app to decrypt or generate data keys with any encryption context: `var.x` is known only after apply."} with input as document
	rule.fail == set() with input as document
}

test_unknown_grantee if {
	document := fixtures.document_of({"grantee": fixture.unknown_principal("AWS", "var.p")}, {})
	fixtures.messages(rule.unknown) == {"Cannot tell whether the grant allows ⟨var.p⟩ to decrypt or generate data keys with any encryption context: `var.p` is unknown."} with input as document
}
