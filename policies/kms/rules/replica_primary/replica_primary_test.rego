package kms.rules.replica_primary_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_primary as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_of(properties) := fixture.document([fixture.key_of(object.union({"multiRegion": true}, properties)), fixture.replica_of("key")], [])

_named(text) := fixture.document([object.union(object.remove(fixture.replica_of("x"), ["primary"]), {"primary": {"text": text, "keys": []}})], [])

_mrk := "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_fails if {
	_fail(_of({"multiRegion": false})) == {"The primary key aws_kms_key.main is a single-Region key; AWS KMS replicates only multi-Region keys."}
	_fail(_of({"origin": "EXTERNAL"})) == {"The primary key aws_kms_key.main has imported key material; its replica requires a resource type that imports key material, not aws_kms_replica_key."}
	second := object.union(fixture.replica_of("replica"), {"id": "second"})
	_fail(fixture.document([fixture.replica_of("other"), second], [])) == {"The primary key aws_kms_replica_key.main is itself a replica; AWS KMS replicates only primary keys."}
	_fail(_named("alias/orders")) == {"The primary key is set to alias/orders; a replica requires the ARN of a multi-Region key, such as arn:…:key/mrk-…."}
}

_sets(properties) := fixture.document(
	array.concat(
		[object.union(fixture.key_of(of), {"id": $"key{i}", "resource": $"aws_kms_key.main[{i}]"}) | some i, of in properties],
		[object.union(object.remove(fixture.replica_of("x"), ["primary"]), {"primary": {
			"text": fixture.unknown("aws_kms_key.main"),
			"keys": [$"key{i}" | some i, _ in properties],
		}})],
	),
	[],
)

# A replica of some type with this reference to its primary.
_as(type, text) := fixture.document(
	[
		fixture.key_of({"multiRegion": true}),
		object.union(fixture.replica_of("key"), {"type": type, "primary": {"text": text}}),
	],
	[],
)

test_fails_if_the_primary_is_not_a_key_arn[text] if {
	some text in [
		"mrk-1234abcd12ab34cd56ef1234567890ab",
		"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
		fixture.unknown("arn:aws:kms:us-east-1:⟨AWS::AccountId⟩:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
		fixture.unknown("arn:aws:kms:us-east-1:⟨AWS::AccountId⟩:alias/orders"),
		fixture.unknown("aws_kms_alias.orders.arn"),
		fixture.unknown("aws_s3_bucket.orders.arn"),
		fixture.unknown("data.aws_kms_key.orders.id"),
	]
	count(_fail(_named(text))) == 1
	_unknown(_named(text)) == set()
}

test_passes_the_id_of_a_key_for_ack if {
	named := _named("mrk-1234abcd12ab34cd56ef1234567890ab")
	ack := object.union(named, {"keys": [object.union(key, {"type": "kms.services.k8s.aws/ReplicaKey"}) | some key in named.keys]})
	_fail(ack) == set()
	_unknown(ack) == {"Cannot tell whether AWS KMS can replicate the primary key: the key mrk-1234abcd12ab34cd56ef1234567890ab is not in the input."}
}

test_fails_for_the_id_of_a_single_region_key_for_ack if {
	named := _named("1234abcd-12ab-34cd-56ef-1234567890ab")
	ack := object.union(named, {"keys": [object.union(key, {"type": "kms.services.k8s.aws/ReplicaKey"}) | some key in named.keys]})
	count(_fail(ack)) == 1
	_unknown(ack) == set()
}

test_fails_for_an_alias_of_the_template if {
	alias := object.union(fixture.alias("alias/orders", ["key"]), {"type": "AWS::KMS::Alias", "resource": "Alias"})
	document := object.union(_as("AWS::KMS::ReplicaKey", fixture.unknown("Alias")), {"aliases": [alias]})
	_fail(document) == {"The primary key is set to Alias; a replica requires the ARN of a multi-Region key, such as arn:…:key/mrk-…."}
}

test_reports_an_unknown_problem_next_to_a_certain_one if {
	document := _of({"multiRegion": false, "origin": fixture.unknown("var.origin")})
	count(_fail(document)) == 1
	_unknown(document) == {"Cannot tell whether AWS KMS can replicate aws_kms_key.main: `var.origin` is known only after apply."}
}

test_fails_for_a_plain_replica_of_a_key_with_imported_material[type] if {
	some type in ["aws_kms_replica_key", "kms.aws.upbound.io/ReplicaKey"]
	replica := object.union(fixture.replica_of("key"), {"type": type})
	document := fixture.document([fixture.key_of({"multiRegion": true, "origin": "EXTERNAL"}), replica], [])
	_fail(document) == {$"The primary key aws_kms_key.main has imported key material; its replica requires a resource type that imports key material, not {type}."}
}

test_fails_for_the_id_of_a_key_of_the_input[text] if {
	some text, type in {
		"aws_kms_key.main.key_id": "aws_kms_replica_key",
		"aws_kms_key.main.id": "awscc_kms_replica_key",
		"aws_kms_key.main": "AWS::KMS::ReplicaKey",
		"aws_kms_key.main.KeyId": "AWS::KMS::ReplicaKey",
	}
	message := $"The primary key is set to {text}; a replica requires the ARN of a multi-Region key, such as arn:…:key/mrk-…."
	_fail(_as(type, fixture.unknown(text))) == {message}
}

test_fails_if_every_possible_primary_fails if {
	message := "The primary key aws_kms_key.main[0] or aws_kms_key.main[1] is a single-Region key; AWS KMS replicates only multi-Region keys."
	_fail(_sets([{"multiRegion": false}, {"multiRegion": false}])) == {message}
}

test_unknown_if_one_of_several_primaries_fails if {
	document := _sets([{"multiRegion": true}, {"multiRegion": false}])
	_fail(document) == set()
	_unknown(document) == {"Cannot tell whether AWS KMS can replicate aws_kms_key.main[0] or aws_kms_key.main[1]: `aws_kms_key.main` is known only after apply."}
}

test_unknown_outside_the_input[text] if {
	some text in [
		_mrk,
		"${PRIMARY_ARN}",
		"arn:aws:kms:$REGION:111122223333:key/${KEY_ID}",
		fixture.unknown("arn:aws:kms:⟨var.region⟩:111122223333:key/⟨var.id⟩"),
		fixture.unknown("arn:aws:kms:⟨var.region⟩:111122223333:key/mrk-⟨var.id⟩"),
		fixture.unknown("var.primary"),
		fixture.unknown("data.aws_kms_key.orders.arn"),
	]
	document := _named(text)
	_fail(document) == set()
	count(_unknown(document)) == 1
}

test_passes[note] if {
	some note, document in {
		"a primary": _of({}),
		"imported on both sides": fixture.document([fixture.key_of({"multiRegion": true, "origin": "EXTERNAL"}), object.union(fixture.replica_of("key"), {"type": "aws_kms_replica_external_key"})], []),
		"one of several primaries": _sets([{"multiRegion": true}, {"multiRegion": true}]),
		"the ARN of a primary": _as("aws_kms_replica_key", fixture.unknown("aws_kms_key.main.arn")),
		"the ARN of a primary of a template": _as("AWS::KMS::ReplicaKey", fixture.unknown("aws_kms_key.main.Arn")),
		"no replica": fixture.document_of({}),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	document := _of({"multiRegion": fixture.unknown("var.multi")})
	_fail(document) == set()
	_unknown(document) == {"Cannot tell whether AWS KMS can replicate aws_kms_key.main: `var.multi` is known only after apply."}
}

test_names_what_is_outside_the_input[note] if {
	some note, example in {
		"an ARN": [_mrk, $"Cannot tell whether AWS KMS can replicate the primary key: the key {_mrk} is not in the input."],
		"an ARN with unknown parts": [fixture.unknown("⟨var.primary⟩/x"), "Cannot tell whether AWS KMS can replicate the primary key: `⟨var.primary⟩/x` is known only after apply."],
		"a primary that is not known": [fixture.unknown("var.primary"), "Cannot tell whether AWS KMS can replicate the primary key: `var.primary` is known only after apply."],
	}
	_fail(_named(example[0])) == set()
	_unknown(_named(example[0])) == {example[1]}
}
