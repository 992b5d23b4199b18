package kms.rules.multi_region_key_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.multi_region_key as rule

test_fails_without_a_stated_need[note] if {
	some note, properties in {
		"nothing said": {},
		"no word of a need": {"description": "Shopping carts"},
		"a word inside of another": {"description": "Dragon globally"},
		"another tag": {"tags": {"team": "carts"}},
		"an empty tag": {"tags": {"multi-region": ""}},
	}
	messages := {finding.message | some finding in rule.fail} with input as primary(properties)
	messages == {"The multi-Region key has no replica in the input, and neither its description nor a tag (multi-region) states its purpose."}
	count(rule.unknown) == 0 with input as primary(properties)
}

test_fails_next_to_replicas_of_other_keys[note] if {
	some note, reference in {
		"of another key of the input": {"text": fixture.unknown("aws_kms_key.other.arn"), "keys": ["other"]},
		"of a key outside": {"text": "arn:aws:kms:eu-west-1:111122223333:key/mrk-1", "keys": []},
	}
	replica := object.union(object.remove(fixture.replica_of("x"), ["primary"]), {"primary": reference})
	document := fixture.document([fixture.key_of({"multiRegion": true}), replica], [])
	count(rule.fail) == 1 with input as document
	count(rule.unknown) == 0 with input as document
}

test_fails_next_to_a_replica_without_a_primary if {
	replica := object.remove(fixture.replica_of("x"), ["primary"])
	document := fixture.document([fixture.key_of({"multiRegion": true}), replica], [])
	count(rule.fail) == 1 with input as document
}

test_passes_with_a_stated_need[note] if {
	some note, properties in {
		"tag": {"tags": {"multi-region": "failover"}},
		"tag in capitals": {"tags": {"Multi-Region": "failover"}},
		"tag of an unknown value": {"tags": {"multi-region": fixture.unknown("var.need")}},
		"known part of a description": {"description": {"text": "DR for ⟨var.name⟩", "knownParts": ["DR for "]}},
	}
	count(rule.fail | rule.unknown) == 0 with input as primary(properties)
}

test_passes_with_each_word_for_a_need[text] if {
	some text in [
		"Multi-Region key", "multi region", "For replication", "Has a replica", "Disaster recovery",
		"disaster-recovery", "Carts (DR)", "Failover to eu-central-1", "Global table",
	]
	count(rule.fail | rule.unknown) == 0 with input as primary({"description": text})
}

test_passes_with_a_replica_in_the_input[note] if {
	some note, keys in {"its own": ["key"], "its own or that of another key": ["key", "other"]}
	replica := object.union(
		object.remove(fixture.replica_of("key"), ["primary"]),
		{"primary": {"text": fixture.unknown("var.primary"), "keys": keys}},
	)
	document := fixture.document([fixture.key_of({"multiRegion": true}), replica], [])
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_passes_keys_that_are_not_primaries[note] if {
	some note, key in {
		"single-Region": fixture.key_of({}),
		"replica": fixture.replica_of("key"),
		"replica that shows its primary's properties": object.union(
			fixture.replica_of("key"),
			{"properties": fixture.key_of({"multiRegion": true}).properties},
		),
		"standalone key policy": object.union(object.remove(fixture.key_of({}), ["properties"]), {"kind": "policy"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([key], [])
}

test_passes_with_a_configured_tag if {
	count(rule.fail) == 0 with input as primary({"tags": {"resilience": "tier 1"}}) with data.keywarden.settings as tags
}

test_fails_without_a_configured_tag if {
	count(rule.fail) == 1 with input as primary({"tags": {"multi-region": "yes"}}) with data.keywarden.settings as tags
}

test_unknown_each_setting[field] if {
	some field in ["multiRegion", "description", "tags"]
	document := primary({field: fixture.unknown($"var.{field}")})
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {$"Cannot tell whether the key is a multi-Region key without a stated purpose: `var.{field}` is known only after apply."}
	count(rule.fail) == 0 with input as document
}

test_unknown_primary_of_a_replica if {
	replica := fixture.replica_of("key")
	astray := object.union(
		object.remove(replica, ["primary"]),
		{"primary": {"text": fixture.unknown("var.primary"), "keys": []}},
	)
	document := fixture.document([fixture.key_of({"multiRegion": true}), astray], [])
	messages := {finding.message | some finding in rule.unknown} with input as document
	messages == {"Cannot tell whether the key is a multi-Region key without a stated purpose: `var.primary` is known only after apply."}
	count(rule.fail) == 0 with input as document

	elsewhere := object.union(astray, {"scope": "another plan"})
	count(rule.fail) == 1 with input as fixture.document([fixture.key_of({"multiRegion": true}), elsewhere], [])
}

primary(properties) := fixture.document_of(object.union({"multiRegion": true}, properties))

tags := {"multi_region_key": {"tags": ["resilience"]}}
