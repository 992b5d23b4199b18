package kms.rules.replica_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_region as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_in(region, name) := object.union(fixture.replica_of("key"), {"id": name, "resource": name, "region": region})

test_fails if {
	_fail(fixture.document([fixture.key_of({}), _in("eu-west-1", "a")], [])) == {"The replica is in the same Region (eu-west-1) as its primary key aws_kms_key.main."}
	two := fixture.document([fixture.key_of({}), _in("eu-central-1", "a"), _in("eu-central-1", "b")], [])
	_fail(two) == {"The replica is in the same Region (eu-central-1) as a, another replica of its primary key."}
}

# Each replica has one finding, however many others are in its Region.
test_fails_once_for_each_replica if {
	replicas := [_in("eu-central-1", name) | some name in ["a", "b", "c", "d"]]
	_fail(fixture.document(replicas, [])) == {"The replica is in the same Region (eu-central-1) as a, another replica of its primary key."}
	findings := rule.fail with input as fixture.document(replicas, [])
	{finding.entity | some finding in findings} == {"b", "c", "d"}
	count(findings) == 3
}

# A replica that exists always meets those of each variant.
test_fails_beside_a_variant if {
	plain := _outside(_arn("eu-west-1"), "a")
	variant := fixture.variant(_outside(_arn("eu-west-1"), "b"), ["IsProd is true"])
	every replicas in [[plain, variant], [variant, plain]] {
		count(_fail(fixture.document(replicas, []))) == 1
	}
}

_outside(text, name) := object.union(object.remove(_in("eu-central-1", name), ["primary"]), {"primary": {"text": text, "keys": []}})

_arn(region) := $"arn:aws:kms:{region}:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_fails_outside_the_input if {
	same := _arn("eu-central-1")
	_fail(fixture.document([_outside(same, "a")], [])) == {$"The replica is in the same Region (eu-central-1) as its primary key {same}."}
	open := "arn:⟨AWS::Partition⟩:kms:eu-central-1:⟨AWS::AccountId⟩:key/⟨Id⟩"
	count(_fail(fixture.document([_outside(fixture.unknown(open), "a")], []))) == 1
	two := fixture.document([_outside(_arn("us-east-1"), "a"), _outside(_arn("us-east-1"), "b")], [])
	_fail(two) == {"The replica is in the same Region (eu-central-1) as a, another replica of its primary key."}
}

test_fails_once_if_the_primary_is_known_by_its_arn if {
	primary := object.union(fixture.key_of({}), {"region": "eu-central-1"})
	replica := object.union(_outside(_arn("eu-central-1"), "a"), {"primary": {"keys": ["key"]}})
	_fail(fixture.document([primary, replica], [])) == {"The replica is in the same Region (eu-central-1) as its primary key aws_kms_key.main."}
}

test_fails_in_one_variant if {
	replicas := [fixture.variant(_outside(_arn("eu-west-1"), name), ["IsProd is true"]) | some name in ["a", "b"]]
	_fail(fixture.document(replicas, [])) == {"The replica is in the same Region (eu-central-1) as a, another replica of its primary key."}
}

# Both are in the same stack, in whichever Region it is.
test_fails_in_one_stack if {
	region := {"unknown": {"reason": "set when the stack is deployed", "expression": "AWS::Region"}}
	primary := object.union(fixture.key_of({}), {"type": "AWS::KMS::Key", "region": region})
	replica := object.union(_in(region, "Replica"), {"type": "AWS::KMS::ReplicaKey"})
	_fail(fixture.document([primary, replica], [])) == {"The replica is in the same Region (that of the stack) as its primary key aws_kms_key.main."}
	elsewhere := object.union(replica, {"scope": "another stack"})
	_fail(fixture.document([primary, elsewhere], [])) == set()
}

test_passes[note] if {
	some note, keys in {
		"another Region": [fixture.key_of({}), _in("eu-central-1", "a"), _in("eu-central-2", "b")],
		"Region not known": [fixture.key_of({}), _in(fixture.unknown("var.region"), "a"), _in(fixture.unknown("var.region"), "b")],
		"of different primaries": [_in("eu-central-1", "a"), object.union(fixture.replica_of("other"), {"id": "b", "resource": "b"})],
		"one of several primaries": [
			fixture.key_of({}),
			object.union(fixture.key_of({}), {"id": "second", "region": "us-east-1"}),
			object.union(object.remove(_in("eu-west-1", "a"), ["primary"]), {"primary": {"keys": ["key", "second"]}}),
		],
		"never at the same time": [
			fixture.variant(_outside(_arn("eu-west-1"), "a"), ["IsProd is true"]),
			fixture.variant(_outside(_arn("eu-west-1"), "b"), ["IsProd is false"]),
		],
		"one replica in two plans": [_outside(_arn("eu-west-1"), "a"), object.union(_outside(_arn("eu-west-1"), "a"), {"id": "b"})],
		"replicas of primaries that are not known": [
			_outside(fixture.unknown("var.primary"), "a"),
			_outside(fixture.unknown("var.primary"), "b"),
		],
		"replicas of two primaries outside": [_outside(_arn("eu-west-1"), "a"), _outside(_arn("us-east-1"), "b")],
		"replicas of one of several primaries by one reference": [
			object.union(object.remove(_in("eu-west-1", "a"), ["primary"]), {"primary": {"text": "x", "keys": ["x", "y"]}}),
			object.union(object.remove(_in("eu-west-1", "b"), ["primary"]), {"primary": {"text": "x", "keys": ["x", "y"]}}),
		],
		"replicas of one of several primaries": [
			object.union(object.remove(_in("eu-west-1", "a"), ["primary"]), {"primary": {"keys": ["x", "y"]}}),
			object.union(object.remove(_in("eu-west-1", "b"), ["primary"]), {"primary": {"keys": ["x", "y"]}}),
		],
		"primary outside in another Region": [_outside(_arn("eu-west-1"), "a")],
		"primary outside": [object.union(_in("eu-central-1", "a"), {"primary": {"text": "x", "keys": []}})],
	}
	_fail(fixture.document(keys, [])) | _unknown(fixture.document(keys, [])) == set()
}
