package kms.rules.alias_missing_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.alias_missing as rule

test_fails_without_an_alias[note] if {
	some note, aliases in {
		"none in the input": [],
		"of another key": [fixture.alias("alias/orders", ["other"])],
		"of a key outside": [outside],
		"of an AWS managed key": [object.union(fixture.alias("alias/orders", []), {"target": {
			"text": fixture.unknown("data.aws_kms_alias.ebs.target_key_id"),
			"keys": [],
			"alias": "alias/aws/ebs",
		}})],
		"of an unknown key in another plan": [object.union(fixture.alias("alias/orders", []), {"scope": "another plan"})],
	}
	document := fixture.document([fixture.key_of({})], aliases)
	{finding.message | some finding in rule.fail} == {"No alias in the input refers to this key."} with input as document
	count(rule.unknown) == 0 with input as document
}

test_passes_with_an_alias[note] if {
	some note, aliases in {
		"one": [fixture.alias("alias/orders", ["key"])],
		"one of several keys": [fixture.alias("alias/orders", ["key", "other"])],
		"of an unknown name": [fixture.alias(fixture.unknown("var.name"), ["key"])],
		"next to one of an unknown key": [fixture.alias("alias/x", []), fixture.alias("alias/orders", ["key"])],
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([fixture.key_of({})], aliases)
}

test_passes_replicas_and_bare_policies[note] if {
	some note, key in {
		"replica": fixture.replica_of("key"),
		"existing key of a change set": object.union(fixture.key_of({}), {"change": {"actions": ["update"], "partialInput": true}}),
		"standalone key policy": object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_unknown_target if {
	document := fixture.document([fixture.key_of({})], [fixture.alias("alias/orders", [])])
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {"Cannot tell whether an alias in the input refers to this key: `aws_kms_key.main.key_id` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

outside := object.union(
	object.remove(fixture.alias("alias/orders", []), ["target"]),
	{"target": {"text": "1234abcd-12ab-34cd-56ef-1234567890ab", "keys": []}},
)
