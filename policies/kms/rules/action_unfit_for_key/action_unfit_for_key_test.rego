package kms.rules.action_unfit_for_key_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.action_unfit_for_key as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_key(properties, actions) := fixture.document(
	[object.union(
		fixture.key_with([fixture.allow([fixture.role(fixture.owner, "app")], actions, [])]),
		{"properties": properties},
	)],
	[],
)

_of(statement) := fixture.document([fixture.key_with([statement])], [])

_hmac := {"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"}

test_fails[note] if {
	some note, document in {
		"data keys of HMAC": [_key(_hmac, ["kms:GenerateDataKey"]), "kms:GenerateDataKey", "HMAC_256", "GENERATE_VERIFY_MAC"],
		"a wildcard": [_key(_hmac, ["kms:ReEncrypt*"]), "kms:ReEncrypt*", "HMAC_256", "GENERATE_VERIFY_MAC"],
		"signatures of a symmetric key": [_key({}, ["kms:Sign"]), "kms:Sign", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"],
		"data keys of RSA": [_key({"spec": "RSA_4096"}, ["kms:GenerateDataKey"]), "kms:GenerateDataKey", "RSA_4096", "ENCRYPT_DECRYPT"],
	}
	_fail(document[0]) == {$"Statement 1 allows {document[1]}, which a key with key spec {document[2]} and key usage {document[3]} does not support."}
}

test_passes[note] if {
	some note, document in {
		"what it does": _key(_hmac, ["kms:GenerateMac", "kms:DescribeKey"]),
		"matchesEverything": _key(_hmac, ["kms:*"]),
		"a wildcard with one that fits": _key(_hmac, ["kms:Generate*"]),
		"everything": _key(_hmac, ["*"]),
		"a Deny": _of(fixture.deny([fixture.owner_root], ["kms:Sign"], [])),
		"NotAction": _of(fixture.statement({"actions": ["kms:Sign"], "notAction": true})),
		"what an HMAC key does": _key(_hmac, ["kms:VerifyMac"]),
		"what an RSA key does": _key({"spec": "RSA_2048", "usage": "SIGN_VERIFY"}, ["kms:Sign"]),
		"no action of KMS": _key(_hmac, ["kms:Nothing"]),
		"spec not known": _key({"spec": fixture.unknown("var.spec")}, ["kms:Sign"]),
		"usage not known": _key({"usage": fixture.unknown("var.usage")}, ["kms:Sign"]),
		"replica": fixture.document([object.union(fixture.key_with([fixture.allow([fixture.owner_root], ["kms:Sign"], [])]), {"properties": {"spec": null}})], []),
	}
	_fail(document) | _unknown(document) == set()
}
