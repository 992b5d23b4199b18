package kms.rules.replica_primary_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_primary as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_of(settings) := fixture.document([fixture.key_of(object.union({"multiRegion": true}, settings)), fixture.replica_of("key")], [])

_named(text) := fixture.document([object.union(object.remove(fixture.replica_of("x"), ["primary"]), {"primary": {"text": text, "keys": []}})], [])

_mrk := "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_fails if {
	_fail(_of({"multiRegion": false})) == {"The primary aws_kms_key.main is a single-Region key, which cannot become one of several Regions."}
	_fail(_of({"origin": "EXTERNAL"})) == {"The material of the primary aws_kms_key.main is imported, and the replica is one for material of KMS."}
	second := object.union(fixture.replica_of("replica"), {"id": "second"})
	_fail(fixture.document([fixture.replica_of("other"), second], [])) == {"The primary aws_kms_replica_key.main is itself a replica."}
	_fail(_named("alias/orders")) == {"The primary is given as alias/orders, and a replica takes the ARN of a multi-Region key: arn:…:key/mrk-…."}
}

test_passes[note] if {
	some note, document in {
		"a primary": _of({}),
		"imported on both sides": fixture.document([fixture.key_of({"multiRegion": true, "origin": "EXTERNAL"}), object.union(fixture.replica_of("key"), {"type": "aws_kms_replica_external_key"})], []),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	document := _of({"multiRegion": fixture.unknown("var.multi")})
	_fail(document) == set()
	_unknown(document) == {"Whether aws_kms_key.main can be replicated is not known: `var.multi` is not known: known only after apply."}
}

test_unknown_outside_the_input[note] if {
	some note, example in {
		"an ARN": [_mrk, $"Whether the primary can be replicated is not known: {_mrk} is outside the input."],
		"an ARN with unknown parts": ["⟨var.primary⟩/x", "Whether the primary can be replicated is not known: ⟨var.primary⟩/x is outside the input."],
		"a primary that is not known": [fixture.unknown("var.primary"), "Whether the primary can be replicated is not known: `var.primary` is not known: known only after apply."],
	}
	_fail(_named(example[0])) == set()
	_unknown(_named(example[0])) == {example[1]}
}
