package kms.rules.service_key_not_symmetric_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.service_key_not_symmetric as rule

_document(keys, ids, asymmetric) := object.union(fixture.document(keys, []), {"consumers": [{
	"id": "topic",
	"resource": "aws_sns_topic.main",
	"type": "aws_sns_topic",
	"scope": "plan",
	"location": fixture.at("/topic"),
	"locations": {},
	"defaults": [],
	"region": "eu-west-1",
	"encryption": "key",
	"uses": [{
		"argument": "kms_master_key_id",
		"key": {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ids},
		"main": true,
		"asymmetric": asymmetric,
		"location": fixture.at("/use"),
	}],
	"tags": {},
}]})

_key(spec) := fixture.key_of({"spec": spec})

_start := "The argument kms_master_key_id requires a SYMMETRIC_DEFAULT key, but the key spec of"

test_fails[note] if {
	some note, tc in {
		"asymmetric": {
			"doc": _document([_key("RSA_2048")], ["key"], false),
			"message": $"{_start} aws_kms_key.main is RSA_2048.",
		},
		"HMAC": {
			"doc": _document([_key("HMAC_256")], ["key"], false),
			"message": $"{_start} aws_kms_key.main is HMAC_256.",
		},
		"a replica of one": {
			"doc": _document([_key("RSA_2048"), fixture.replica_of("key")], ["replica"], false),
			"message": $"{_start} aws_kms_replica_key.main is RSA_2048.",
		},
	}
	{finding.message | some finding in rule.fail} == {tc.message} with input as tc.doc
	count(rule.unknown) == 0 with input as tc.doc
}

test_passes[note] if {
	some note, doc in {
		"symmetric": _document([_key("SYMMETRIC_DEFAULT")], ["key"], false),
		"an argument that takes others": _document([_key("ECC_NIST_P256")], ["key"], true),
		"a key through another resource": _through(_document([_key("RSA_2048")], ["key"], false)),
		"a replica next to another key": _document(
			[_key("SYMMETRIC_DEFAULT"), object.union(_key("RSA_2048"), {"id": "a"}), fixture.replica_of("key")],
			["replica"], false,
		),
		"a key outside": _document([_key("RSA_2048")], [], false),
		"a replica of a key outside": _document([fixture.replica_of("other")], ["replica"], false),
		"a standalone key policy": _document([object.remove(_key("RSA_2048"), ["properties"])], ["key"], false),
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

_through(document) := object.union(document, {"consumers": [consumer |
	some original in document.consumers
	consumer := object.union(original, {"uses": [object.union(use, {"through": "aws_sns_topic.other"}) | some use in original.uses]})
]})

test_fails_for_a_replica_that_may_be_of_another_replica if {
	other := object.union(fixture.replica_of("outside"), {"id": "other"})
	replica := object.union(fixture.replica_of("key"), {"primary": {"keys": ["other", "key"]}})
	document := _document([other, replica, _key("RSA_2048")], ["replica"], false)
	{finding.message | some finding in rule.fail} == {$"{_start} aws_kms_replica_key.main is RSA_2048."} with input as document
}

_causes := {
	"spec": "`var.spec` is known only after apply",
	"spec of one of two keys": "`var.spec` is known only after apply",
	"which of two keys, one of them asymmetric": "`var.spec` is known only after apply",
	"which key": "`aws_kms_key.main.arn` is known only after apply",
}

test_unknown[note] if {
	some note, doc in {
		"spec": _document([_key(fixture.unknown("var.spec"))], ["key"], false),
		"a replica of a key outside": _document([_key("RSA_2048"), fixture.replica_of("other")], ["key", "replica"], false),
		"spec of one of two keys": _document([_key("SYMMETRIC_DEFAULT"), object.union(_key(fixture.unknown("var.spec")), {"id": "b"})], ["key", "b"], false),
		"which of two keys, one of them asymmetric": _document([_key("RSA_2048"), object.union(_key(fixture.unknown("var.spec")), {"id": "b"})], ["key", "b"], false),
		"which key": _document([_key("RSA_2048"), object.union(_key("SYMMETRIC_DEFAULT"), {"id": "b"})], ["key", "b"], false),
	}
	messages := {finding.message | some finding in rule.unknown} with input as doc
	messages == {$"Cannot tell whether aws_kms_key.main, the key in kms_master_key_id, is a symmetric encryption key: {object.get(_causes, note, _causes["which key"])}."}
	count(rule.fail) == 0 with input as doc
}
