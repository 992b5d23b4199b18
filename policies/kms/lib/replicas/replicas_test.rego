package kms.lib.replicas_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.replicas
import data.kms.lib.truth

_unknown := truth.unknown({"⟨var.x⟩"})

test_pairs if {
	found := [[replica.id, [primary.id | some primary in primaries]] | some [replica, primaries] in replicas.pairs] with input as fixture.document(
		[
			fixture.key_of({}),
			fixture.replica_of("key"),
			object.union(fixture.replica_of("outside"), {"id": "partialInput"}),
			object.union(object.remove(fixture.replica_of("key"), ["primary"]), {"id": "of nothing"}),
		],
		[],
	)
	found == [["replica", ["key"]]]
}

test_agreement[note] if {
	some note, example in {
		"all": [{truth.yes}, truth.yes],
		"none": [{truth.no}, truth.no],
		"one of them": [{truth.yes, truth.no}, truth.unknown({fixture.unknown("local.key").unknown})],
		"unknown": [{_unknown}, _unknown],
		"perhaps one of them": [{_unknown, truth.no}, _unknown],
		"perhaps all of them": [{_unknown, truth.yes}, _unknown],
	}
	replica := object.union(fixture.replica_of("key"), {"primary": {"text": fixture.unknown("local.key"), "keys": ["a", "b"]}})
	replicas.agreement(replica, example[0]) == example[1]
}

test_name if {
	replicas.name([fixture.key_of({}), fixture.key_of({"multiRegion": true})]) == "aws_kms_key.main"
	replicas.name([fixture.key_of({}), object.union(fixture.key_of({}), {"resource": "aws_kms_key.b"})]) == "aws_kms_key.b or aws_kms_key.main"
}

test_region_in[text] if {
	some text, region in {
		"arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab": "eu-west-1",
		"arn:aws-us-gov:kms:us-gov-west-1:⟨AWS::AccountId⟩:key/⟨Key⟩": "us-gov-west-1",
		"arn:⟨AWS::Partition⟩:kms:eu-west-1:⟨AWS::AccountId⟩:key/⟨Key⟩": "eu-west-1",
		"arn:aws:kms:⟨AWS::Region⟩:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab": "",
		"alias/orders": "",
	}
	replicas.region_in(text) == region
}

test_region_in_an_unknown_value if {
	replicas.region_in(fixture.unknown("var.primary")) == ""
}
