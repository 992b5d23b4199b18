package kms.rules.alias_target_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.targets_test as fixtures
import data.kms.rules.alias_target as rule

test_fails[note] if {
	some note, tc in {
		"another alias": {
			"text": "alias/refunds",
			"want": "The alias targets alias/refunds, which is another alias; the target must be a customer managed key.",
		},
		"a key of AWS": {
			"text": "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3",
			"want": "The alias targets arn:aws:kms:eu-west-1:111122223333:alias/aws/s3, which is an AWS managed key; the target must be a customer managed key.",
		},
		"a bucket": {
			"text": fixture.unknown("aws_s3_bucket.orders.arn"),
			"want": "The alias targets aws_s3_bucket.orders.arn, which is not a key; the target must be a customer managed key.",
		},
	}
	document := fixture.document([], [fixtures.alias_for(tc.text, [])])
	{finding.message | some finding in rule.fail} == {tc.want} with input as document
	rule.unknown == set() with input as document
}

test_fails_at_the_target if {
	alias := object.union(fixtures.alias_for("alias/x", []), {"locations": {"target": fixture.at("/alias/target")}})
	{finding.location.pointer | some finding in rule.fail} == {"/alias/target"} with input as fixture.document([], [alias])
}

test_passes[note] if {
	some note, alias in {
		"a key of the input": fixture.alias("alias/orders", ["key"]),
		"a replica": fixtures.alias_for(fixture.unknown("var.key"), ["replica"]),
		"an id": fixtures.alias_for(fixtures.id, []),
		"an ARN with unknown parts": fixtures.alias_for(fixtures.sound["ARN with unknown parts"], []),
		"a key by reference": fixtures.alias_for(fixture.unknown("aws_kms_key.orders.arn"), []),
		"the end of an ARN": fixtures.alias_for(fixture.unknown("⟨Prefix⟩:key/⟨KeyId⟩"), []),
	}
	rule.fail | rule.unknown == set() with input as fixture.document([], [alias])
}

test_unknown[text] if {
	some text in ["var.key", "Fn::ImportValue", "each.value"]
	document := fixture.document([], [fixtures.alias_for(fixture.unknown(text), [])])
	{finding.message | some finding in rule.unknown} == {$"Cannot tell whether the target of the alias is a customer managed key: `{text}` is known only after apply."} with input as document
	rule.fail == set() with input as document
}
