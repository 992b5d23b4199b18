package kms.rules.reference_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.reference_region as rule

_consumer(key, changes) := object.union(
	{
		"id": "topic",
		"resource": "aws_sns_topic.main",
		"type": "aws_sns_topic",
		"scope": "plan",
		"location": fixture.at("/topic"),
		"locations": {},
		"defaults": [],
		"region": "eu-central-1",
		"encryption": "key",
		"uses": [{
			"argument": "kms_master_key_id",
			"key": object.union({"text": fixture.unknown("var.key"), "keys": []}, key),
			"main": true,
			"asymmetric": false,
			"location": fixture.at("/use"),
		}],
		"tags": {},
	},
	changes,
)

_document(keys, consumers, grants) := object.union(
	fixture.document(keys, []),
	{"consumers": consumers, "grants": grants},
)

_of(key, keys) := _document(keys, [_consumer(key, {})], [])

_key := fixture.key_of({})

_main := {"keys": ["key"]}

_id := "1234abcd-12ab-34cd-56ef-1234567890ab"

_grant := {
	"id": "grant",
	"resource": "aws_kms_grant.main",
	"type": "aws_kms_grant",
	"location": fixture.at("/grant"),
	"locations": {"key": fixture.at("/grant/key")},
	"region": "eu-central-1",
	"key": {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ["key"]},
}

_message(region, name) := $"The resource is in eu-central-1, but its key {name} is in {region}; both must be in the same Region."

test_fails[note] if {
	some note, tc in {
		"a key of the input": {"doc": _of(_main, [_key]), "name": "aws_kms_key.main"},
		"a grant": {"doc": _document([_key], [], [_grant]), "name": "aws_kms_key.main"},
		"next to a replica of another key there": {
			"doc": _of(_main, [_key, fixture.replica_of("other")]),
			"name": "aws_kms_key.main",
		},
		"next to another key in the Region of the resource": {
			"doc": _of(_main, [object.union(_key, {"id": "other", "region": "eu-central-1"}), _key]),
			"name": "aws_kms_key.main",
		},
		"an ARN": {
			"doc": _of({"text": $"arn:aws:kms:eu-west-1:111122223333:key/{_id}"}, []),
			"name": $"arn:aws:kms:eu-west-1:111122223333:key/{_id}",
		},
		"the ARN of an alias": {
			"doc": _of({"text": "arn:aws:kms:eu-west-1:⟨var.account⟩:alias/app"}, []),
			"name": "arn:aws:kms:eu-west-1:⟨var.account⟩:alias/app",
		},
		"an ARN of an account that is not known": {
			"doc": _of({"text": fixture.unknown("arn:⟨AWS::Partition⟩:kms:eu-west-1:⟨AWS::AccountId⟩:key/1")}, []),
			"name": "arn:⟨AWS::Partition⟩:kms:eu-west-1:⟨AWS::AccountId⟩:key/1",
		},
		"a multi-Region key with a replica elsewhere": {
			"doc": _of(_main, [_key, object.union(fixture.replica_of("key"), {"region": "us-east-1"})]),
			"name": "aws_kms_key.main",
		},
	}
	{finding.message | some finding in rule.fail} == {_message("eu-west-1", tc.name)} with input as tc.doc
	count(rule.unknown) == 0 with input as tc.doc
}

_dnssec(key, keys) := json.patch(_of(key, keys), [{"op": "add", "path": "/consumers/0/uses/0/keyRegion", "value": "us-east-1"}])

test_required_region_fails if {
	messages := {finding.message | some finding in rule.fail} with input as _dnssec(_main, [_key])
	messages == {"The key aws_kms_key.main is in eu-west-1; the service requires a key in us-east-1."}
	count(rule.unknown) == 0 with input as _dnssec(_main, [_key])
}

test_required_region_passes[note] if {
	some note, doc in {
		"a key there": _dnssec(_main, [object.union(_key, {"region": "us-east-1"})]),
		"a replica there": _dnssec(_main, [_key, object.union(fixture.replica_of("key"), {"region": "us-east-1"})]),
		"an ARN there": _dnssec({"text": $"arn:aws:kms:us-east-1:111122223333:key/{_id}"}, []),
		"another partition": _dnssec(_main, [object.union(_key, {"region": "cn-north-1"})]),
		"a key of an unknown Region": _dnssec(_main, [object.union(object.remove(_key, ["region"]), {"region": fixture.unknown("var.r")})]),
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

test_required_region_unknown_of_a_multi_region_key if {
	arn := "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
	doc := _dnssec({"text": arn}, [])
	messages := {finding.message | some finding in rule.unknown} with input as doc
	question := "the key in eu-west-1 has a replica in us-east-1, which the service requires"
	messages == {$"Cannot tell whether {question}: the replicas of {arn} are not in the input."}
	count(rule.fail) == 0 with input as doc
}

test_passes[note] if {
	some note, doc in {
		"one Region": _of(_main, [object.union(_key, {"region": "eu-central-1"})]),
		"one of two keys": _of({"keys": ["key", "b"]}, [_key, object.union(_key, {"id": "b", "region": "eu-central-1"})]),
		"a replica there": _of(_main, [_key, fixture.replica_of("key")]),
		"the ARN of a key that has a replica there": _of(
			{"keys": ["key"], "text": $"arn:aws:kms:eu-west-1:111122223333:key/{_id}"},
			[_key, fixture.replica_of("key")],
		),
		"a replica in an unknown Region": _of(
			_main,
			[_key, object.union(object.remove(fixture.replica_of("key"), ["region"]), {"region": fixture.unknown("var.r")})],
		),
		"its primary there": _of({"keys": ["replica"]}, [
			object.union(_key, {"region": "eu-central-1"}),
			object.union(fixture.replica_of("key"), {"region": "us-east-1"}),
		]),
		"another replica there": _of({"keys": ["a"]}, [
			object.union(fixture.replica_of("key"), {"id": "a", "region": "us-east-1"}),
			fixture.replica_of("key"),
		]),
		"a key of an unknown Region": _of(_main, [object.union(object.remove(_key, ["region"]), {"region": fixture.unknown("var.r")})]),
		"a resource of an unknown Region": _document(
			[_key],
			[object.union(object.remove(_consumer(_main, {}), ["region"]), {"region": fixture.unknown("var.r")})], [],
		),
		"an ARN there": _of({"text": $"arn:aws:kms:eu-central-1:111122223333:key/{_id}"}, []),
		"an ARN of an unknown Region": _of({"text": $"arn:aws:kms:⟨AWS::Region⟩:111122223333:key/{_id}"}, []),
		"an id": _of({"text": _id}, []),
		"an unknown key": _of({}, []),
		"the key of a copy": json.patch(_of(_main, [_key]), [{"op": "add", "path": "/consumers/0/uses/0/otherRegion", "value": true}]),
		"no key at all": _of({"text": fixture.unknown("arn:aws:sqs:eu-west-1:111122223333:kms:x")}, []),
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

test_unknown_of_a_multi_region_key_outside if {
	arn := "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"
	doc := _of({"text": arn}, [])
	messages := {finding.message | some finding in rule.unknown} with input as doc
	question := "the key in eu-west-1 has a replica in eu-central-1, the Region of the resource"
	messages == {$"Cannot tell whether {question}: the replicas of {arn} are not in the input."}
	count(rule.fail) == 0 with input as doc
}
