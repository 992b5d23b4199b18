package kms.rules.regulated_data_without_cmk_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.regulated_data_without_cmk as rule

_document(encryption, uses, tags) := object.union(fixture.document([], []), {"consumers": [{
	"id": "topic",
	"resource": "aws_sns_topic.main",
	"type": "aws_sns_topic",
	"scope": "plan",
	"location": fixture.at("/topic"),
	"locations": {},
	"defaults": [],
	"region": "eu-west-1",
	"encryption": encryption,
	"uses": uses,
	"tags": tags,
}]})

_use(key, main) := {
	"argument": "kms_master_key_id",
	"key": object.union({"text": fixture.unknown("var.key"), "keys": []}, key),
	"main": main,
	"asymmetric": false,
	"location": fixture.at("/use"),
}

_pci := {"DataClass": "PCI"}

_aws := "kms_master_key_id is alias/aws/sns, an AWS managed key"

_none := "the resource does not set a KMS key"

test_fails[note] if {
	some note, tc in {
		"no key": {
			"doc": _document("default", [], _pci),
			"message": $"The tag DataClass is PCI, which requires a customer managed KMS key, but {_none}.",
		},
		"a tag with a space": {
			"doc": _document("default", [], {"Data Class": "pii"}),
			"message": $"The tag Data Class is pii, which requires a customer managed KMS key, but {_none}.",
		},
		"a key of AWS": {
			"doc": _document("key", [_use({"alias": "alias/aws/sns"}, true)], {"data_classification": "phi", "data-class": fixture.unknown("var.class")}),
			"message": $"The tag data_classification is phi, which requires a customer managed KMS key, but {_aws}.",
		},
	}
	{finding.message | some finding in rule.fail} == {tc.message} with input as tc.doc
	count(rule.unknown) == 0 with input as tc.doc
}

test_passes[note] if {
	some note, doc in {
		"a key": _document("key", [_use({"keys": ["key"]}, true)], _pci),
		"a key outside the input": _document("key", [_use({"text": "arn:aws:kms:eu-west-1:111122223333:key/1"}, true)], _pci),
		"a key by its alias": _document("key", [_use({"alias": "alias/orders"}, true)], _pci),
		"another argument with a key of AWS": _document(
			"key",
			[_use({"keys": ["key"]}, true), _use({"alias": "alias/aws/sns"}, false)],
			_pci,
		),
		"inherited": _document("inherited", [], _pci),
		"not tagged": _document("default", [], {}),
		"another value": _document("default", [], {"DataClass": "public"}),
		"another tag": _document("default", [], {"team": "pci", "owner": fixture.unknown("var.owner")}),
		"inherited, next to a key of AWS": _document("inherited", [_use({"alias": "alias/aws/sns"}, true)], _pci),
		"stores nothing": {"consumers": [object.remove(_document("default", [], _pci).consumers[0], ["encryption"])]},
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

test_unknown[note] if {
	some note, doc in {
		"tags": _document("default", [], fixture.unknown("var.x")),
		"value of the tag": _document("default", [], {"DataClass": fixture.unknown("var.x")}),
		"encryption": _document(fixture.unknown("var.x"), [], _pci),
		"key": _document("key", [_use({"text": fixture.unknown("var.x")}, true)], _pci),
	}
	question := "the resource stores regulated data without a customer managed KMS key"
	messages := {finding.message | some finding in rule.unknown} with input as doc
	messages == {$"Cannot tell whether {question}: `var.x` is known only after apply."}
	count(rule.fail) == 0 with input as doc
}

test_configured if {
	given := {"regulated_data_without_cmk": {"tags": ["Sensitivity"], "values": ["High"]}}
	doc := _document("default", [], {"sensitivity": "high"})
	count(rule.fail) == 1 with input as doc with data.keywarden.settings as given
	count(rule.fail) == 0 with input as _document("default", [], _pci) with data.keywarden.settings as given
}
