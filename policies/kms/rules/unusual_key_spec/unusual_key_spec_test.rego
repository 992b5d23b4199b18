package kms.rules.unusual_key_spec_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.unusual_key_spec as rule

test_fails_without_a_stated_use[note] if {
	some note, properties in {
		"nothing said": {},
		"no word of a use": {"description": "Documents of the portal"},
		"a word inside of another": {"description": "Important broken"},
		"the unknown part of a description": {"description": {"text": "Documents ⟨var.use⟩", "knownParts": ["Documents "]}},
		"another tag": {"tags": {"team": "portal"}},
		"an empty tag": {"tags": {"key-use": ""}},
	}
	messages := {finding.message | some finding in rule.fail} with input as rsa(properties)
	messages == {"The key encrypts with RSA_4096 instead of SYMMETRIC_DEFAULT, but neither its description nor a tag (key-use) states why."}
	count(rule.unknown) == 0 with input as rsa(properties)
}

test_fails_for_sm2 if {
	count(rule.fail) == 1 with input as fixture.document_of({"spec": "SM2"})
}

test_passes_with_a_stated_use[note] if {
	some note, properties in {
		"tag": {"tags": {"key-use": "encryption by partners"}},
		"tag in capitals": {"tags": {"Key-Use": "encryption by partners"}},
		"tag of an unknown value": {"tags": {"key-use": fixture.unknown("var.use")}},
		"known part of a description": {"description": {"text": "JWE of ⟨var.name⟩", "knownParts": ["JWE of "]}},
	}
	count(rule.fail | rule.unknown) == 0 with input as rsa(properties)
}

test_passes_with_each_word_for_a_use[text] if {
	some text in [
		"Public key for partners", "Used outside AWS", "Client-side encryption", "client side encryption",
		"Offline encryption", "Import of key material", "TLS", "Decrypts JWT", "JWE", "Token decryption",
		"Certificate", "PGP mail",
	]
	count(rule.fail | rule.unknown) == 0 with input as rsa({"description": text})
}

test_passes_without_a_need_for_a_purpose[note] if {
	some note, key in {
		"symmetric": fixture.key_of({}),
		"signing": fixture.key_of({"spec": "RSA_4096", "usage": "SIGN_VERIFY"}),
		"MAC": fixture.key_of({"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"}),
		"agreement": fixture.key_of({"spec": "ECC_NIST_P256", "usage": "KEY_AGREEMENT"}),
		"encapsulation": fixture.key_of({"spec": "ML_KEM_768", "usage": "ENCAPSULATE_DECAPSULATE"}),
		"no usage": no_usage,
		"replica": fixture.replica_of("key"),
		"replica that shows its primary's properties": object.union(
			fixture.replica_of("key"),
			{"properties": fixture.key_of({"spec": "RSA_4096"}).properties},
		),
		"standalone key policy": object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_passes_with_a_configured_tag if {
	count(rule.fail) == 0 with input as rsa({"tags": {"purpose": "portal"}}) with data.keywarden.settings as tags
}

test_fails_without_a_configured_tag if {
	messages := {finding.message | some finding in rule.fail} with input as rsa({"tags": {"key-use": "portal"}})
		with data.keywarden.settings as tags
	messages == {"The key encrypts with RSA_4096 instead of SYMMETRIC_DEFAULT, but neither its description nor a tag (Purpose or reason) states why."}
}

test_unknown_each_setting[field] if {
	some field in ["spec", "usage", "description", "tags"]
	document := rsa({field: fixture.unknown($"var.{field}")})
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {$"Cannot tell whether the key is an asymmetric encryption key without a stated purpose: `var.{field}` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_passes_if_no_unknown_value_matters[note] if {
	some note, properties in {
		"tag, description unknown": {"tags": {"key-use": "x"}, "description": fixture.unknown("var.text")},
		"description, tags unknown": {"description": "JWT", "tags": fixture.unknown("var.tags")},
	}
	count(rule.fail | rule.unknown) == 0 with input as rsa(properties)
}

rsa(properties) := fixture.document_of(object.union({"spec": "RSA_4096"}, properties))

no_usage := object.union(
	object.remove(fixture.key_of({}), ["properties"]),
	{"properties": object.remove(fixture.key_of({"spec": "RSA_4096"}).properties, ["usage"])},
)

tags := {"unusual_key_spec": {"tags": ["Purpose", "reason"]}}
