package kms.lib.targets_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.targets

id := "1234abcd-12ab-34cd-56ef-1234567890ab"

# An alias with this target, which refers to these keys.
alias_for(text, keyids) := object.union(fixture.alias("alias/orders", []), {"target": {"text": text, "keys": keyids}})

# An alias in a template.
in_template(alias) := object.union(alias, {"type": "AWS::KMS::Alias"})

# Targets that are not keys, and what they are instead.
faulty := {
	"the name of an alias": {"text": "alias/refunds", "fault": "another alias"},
	"the ARN of an alias": {"text": "arn:aws:kms:eu-west-1:111122223333:alias/refunds", "fault": "another alias"},
	"the name of an alias with an unknown part": {"text": fixture.unknown("alias/⟨Stage⟩-refunds"), "fault": "another alias"},
	"the ARN of an alias with unknown parts": {
		"text": fixture.unknown("arn:aws:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:alias/⟨Name⟩"),
		"fault": "another alias",
	},
	"an alias of the plan": {"text": fixture.unknown("aws_kms_alias.refunds.arn"), "fault": "another alias"},
	"an alias of a module": {"text": fixture.unknown("data.aws_kms_alias.refunds[0].name"), "fault": "another alias"},
	"a key of AWS": {"text": "alias/aws/s3", "fault": "an AWS managed key"},
	"a key of AWS by an ARN": {"text": "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3", "fault": "an AWS managed key"},
	"a bucket": {"text": "arn:aws:s3:::orders", "fault": "not a key"},
	"a bucket with an unknown name": {"text": fixture.unknown("arn:⟨AWS::Partition⟩:s3:::⟨Bucket⟩"), "fault": "not a key"},
	"a bucket of the plan": {"text": fixture.unknown("aws_s3_bucket.orders.arn"), "fault": "not a key"},
	"a bucket of the plan by its id": {"text": fixture.unknown("aws_s3_bucket.orders.id"), "fault": "not a key"},
	"something else of KMS": {
		"text": fixture.unknown("arn:aws:kms:eu-west-1:⟨AWS::AccountId⟩:grant/⟨Id⟩"),
		"fault": "not a key",
	},
	"any word": {"text": "orders", "fault": "not a key"},
	"nothing": {"text": "", "fault": "not a key"},
}

# Targets that are keys, or may be.
sound := {
	"id": id,
	"id of a multi-Region key": "mrk-1234abcd12ab34cd56ef1234567890ab",
	"ARN": $"arn:aws:kms:eu-west-1:111122223333:key/{id}",
	"ARN with unknown parts": fixture.unknown("arn:aws:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:key/⟨KeyId⟩"),
	"ARN with an unknown end": fixture.unknown("arn:aws:kms:eu-west-1:111122223333:⟨Key⟩"),
	"key of another alias": fixture.unknown("aws_kms_alias.refunds.target_key_id"),
	"key of the plan": fixture.unknown("module.keys.aws_kms_key.orders[0].arn"),
	"replica": fixture.unknown("aws_kms_replica_key.orders.key_id"),
	"key for volumes": fixture.unknown("aws_ebs_default_kms_key.main.arn"),
	"argument of something else": fixture.unknown("aws_s3_bucket.orders.kms_master_key_id"),
	"value of a module": fixture.unknown("module.keys.key_arn"),
	"what another tool fills in": "${self:custom.keyId}",
}

test_mismatch[note] if {
	some note, tc in faulty
	targets.mismatch(alias_for(tc.text, [])) == tc.fault with input as fixture.document([], [])
}

test_no_mismatch[note] if {
	some note, text in sound
	not targets.mismatch(alias_for(text, [])) with input as fixture.document([], [])
}

test_fault_of_a_key_that_was_looked_up if {
	alias := object.union(alias_for(id, []), {"target": {"alias": "alias/aws/ebs"}})
	targets.mismatch(alias) == "an AWS managed key"
}

test_no_fault_of_a_key_that_was_looked_up if {
	not targets.mismatch(object.union(alias_for(id, []), {"target": {"alias": "alias/refunds"}})) with input as fixture.document([], [])
}

test_fault_of_a_reference_in_a_template[reference] if {
	some reference in ["Refunds", "Refunds.Arn"]
	other := object.union(in_template(fixture.alias(fixture.unknown("Name"), ["key"])), {"resource": "Refunds"})
	alias := in_template(alias_for(fixture.unknown(reference), []))
	targets.mismatch(alias) == "another alias" with input as fixture.document([], [alias, other])
}

test_no_fault_of_a_reference_in_another_template if {
	other := object.union(in_template(fixture.alias("alias/x", ["key"])), {"resource": "Refunds", "scope": "another"})
	alias := in_template(alias_for(fixture.unknown("Refunds"), []))
	not targets.mismatch(alias) with input as fixture.document([], [alias, other])
}

test_fault_of_another_resource_of_a_template if {
	alias := in_template(alias_for(fixture.unknown("Bucket.Arn"), []))
	foreign := object.union(alias, {"target": {"notAKey": true}})
	targets.mismatch(foreign) == "not a key" with input as fixture.document([], [foreign])
	not targets.mismatch(alias) with input as fixture.document([], [alias])
}

test_is_unknown[note] if {
	some note, text in {
		"a reference": fixture.unknown("var.key"),
		"what another tool fills in": "{{ key_id }}",
		"the same in capitals": "$KEY_ID",
		"the same in brackets": "<key id>",
	}
	targets.is_unknown(alias_for(text, []).target)
}

test_is_not_unknown[note] if {
	some note, target in {
		"a key of the input": {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ["key"]},
		"an id": {"text": id, "keys": []},
		"an ARN": {"text": fixture.unknown("arn:aws:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:key/⟨KeyId⟩"), "keys": []},
	}
	not targets.is_unknown(target)
}

test_is_key[text] if {
	some text in ["aws_kms_external_key.main.id", "data.aws_kms_alias.main.target_key_arn", "arn:aws:kms:⟨r⟩:⟨a⟩:key/⟨k⟩", "⟨x⟩:key/⟨k⟩"]
	targets.is_key(alias_for(fixture.unknown(text), []).target)
}

test_may_not_be_a_key[text] if {
	some text in ["var.key", "aws_kms_alias.main.arn", "module.aws_kms_key.arn"]
	not targets.is_key(alias_for(fixture.unknown(text), []).target)
}

test_arn_location if {
	place := {"region": "eu-west-1", "account": "111122223333"}
	targets.arn_location(alias_for(sound.ARN, []).target) == place
	targets.arn_location(alias_for(sound["ARN with unknown parts"], []).target) == {"region": "⟨AWS::Region⟩", "account": "⟨AWS::AccountId⟩"}
	not targets.arn_location(alias_for(id, []).target)
}

test_region if {
	targets.region(alias_for(sound.ARN, []).target) == "eu-west-1"
	targets.region({"text": "arn:aws-cn:kms:cn-north-1:111122223333:alias/orders"}) == "cn-north-1"
	targets.region({"text": fixture.unknown("arn:⟨AWS::Partition⟩:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:key/1")}) == "⟨AWS::Region⟩"
	not targets.region({"text": "arn:aws:sqs:eu-west-1:111122223333:kms"})
	not targets.region(alias_for(id, []).target)
}

test_causes if {
	targets.causes({"text": fixture.unknown("var.key")}) == {{"expression": "var.key", "reason": "known only after apply"}}
	targets.causes({"text": "${KEY_ID}"}) == {{"expression": "${KEY_ID}", "reason": "filled in by another tool"}}
}
