package kms.lib.grants_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants
import data.kms.lib.truth

# A grant for the key of the fixtures, except for these fields.
grant_of(fields) := object.union(object.remove(_whole, object.keys(fields)), fields)

_whole := {
	"id": "grant",
	"resource": "aws_kms_grant.main",
	"type": "aws_kms_grant",
	"scope": "plan",
	"location": fixture.at("/grant"),
	"locations": {},
	"defaults": [],
	"key": {"text": fixture.unknown("aws_kms_key.main.key_id"), "keys": ["key"]},
	"grantee": fixture.role(fixture.owner, "app"),
	"retiring": null,
	"operations": ["Decrypt"],
	"constraints": {},
	"region": "eu-west-1",
}

# A document with the grant, and the key with these properties.
document_of(fields, properties) := document_with(fields, [fixture.key_of(properties)])

# A document with the grant and these keys.
document_with(fields, keys) := object.union(fixture.document(keys, []), {"grants": [grant_of(fields)]})

# A reference to a key outside the input.
outside(text) := {"key": {"text": text, "keys": []}}

equals(context) := {"constraints": {"encryptionContextEquals": context}}

# The messages of findings.
messages(findings) := {finding.message | some finding in findings}

other_role := fixture.role(fixture.other, "reader")

# A principal without a relation, like the retiring principal.
bare(principal) := object.remove(principal, ["relation"])

test_operations[note] if {
	some note, tc in {
		"known": {"operations": ["Sign", "Verify"], "want": {"Sign", "Verify"}, "open": false},
		"in parts": {"operations": ["Sign", fixture.unknown("var.op")], "want": {"Sign"}, "open": true},
		"not known": {"operations": fixture.unknown("var.ops"), "want": set(), "open": true},
	}
	grant := grant_of({"operations": tc.operations})
	fixture.verdict(grants.operations(grant)) == tc.want
	{true | grants.has_unknown_operations(grant)} == {true | tc.open}
}

test_gives_any_of[note] if {
	some note, tc in {
		"one of them": {"operations": ["Sign", fixture.unknown("var.op")], "want": truth.yes},
		"another": {"operations": ["Verify"], "want": truth.no},
		"not known": {"operations": fixture.unknown("var.ops"), "want": "unknown"},
	}
	fixture.verdict(grants.gives_any_of(grant_of({"operations": tc.operations}), {"Sign", "Decrypt"})) == tc.want
}

test_gives_more_than[note] if {
	some note, tc in {
		"more": {"operations": ["Sign", fixture.unknown("var.op")], "want": truth.yes},
		"no more": {"operations": ["Decrypt"], "want": truth.no},
		"not known": {"operations": ["Decrypt", fixture.unknown("var.op")], "want": "unknown"},
	}
	fixture.verdict(grants.gives_more_than(grant_of({"operations": tc.operations}), {"Decrypt"})) == tc.want
}

test_constrained[note] if {
	some note, tc in {
		"by equality": {"constraints": {"encryptionContextEquals": {"k": "v"}}, "want": truth.yes},
		"by a subset": {"constraints": {"encryptionContextSubset": {"k": fixture.unknown("var.v")}}, "want": truth.yes},
		"not at all": {"constraints": {}, "want": truth.no},
		"by nothing": {"constraints": {"encryptionContextEquals": {}}, "want": truth.no},
		"by what is not known": {"constraints": {"encryptionContextEquals": fixture.unknown("var.c")}, "want": "unknown"},
	}
	fixture.verdict(grants.has_context_constraint(grant_of({"constraints": tc.constraints}))) == tc.want
}

test_is_external[note] if {
	some note, tc in {
		"by its relation": {"principal": other_role, "fields": {}, "want": truth.yes},
		"the owner's by its relation": {"principal": fixture.owner_root, "fields": {}, "want": truth.no},
		"of an unknown relation": {"principal": fixture.unknown_root, "fields": {}, "want": "unknown"},
		"by its account": {"principal": bare(other_role), "fields": {}, "want": truth.yes},
		"the owner's by its account": {"principal": bare(fixture.owner_root), "fields": {}, "want": truth.no},
		"the owner's by a symbol": {"principal": object.union(bare(other_role), {"account": "self"}), "fields": {}, "want": truth.no},
		"of an unknown account": {"principal": bare(fixture.unknown_root), "fields": {}, "want": "unknown"},
		"not known": {"principal": bare(fixture.unknown_principal("AWS", "var.p")), "fields": {}, "want": "unknown"},
		"of a key by its ARN": {
			"principal": bare(other_role),
			"fields": outside("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			"want": truth.yes,
		},
		"of its own key by its ARN": {
			"principal": bare(other_role),
			"fields": outside("arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			"want": truth.no,
		},
		"of a key by its id": {
			"principal": bare(other_role),
			"fields": outside("1234abcd-12ab-34cd-56ef-1234567890ab"),
			"want": "unknown",
		},
		"of a key that is not known": {
			"principal": bare(other_role),
			"fields": outside(fixture.unknown("module.x.key_id")),
			"want": "unknown",
		},
		"of a key with an unknown owner": {
			"principal": bare(other_role),
			"fields": {"key": {"text": "x", "keys": ["ownerless"]}},
			"want": "unknown",
		},
		"of keys of two owners": {
			"principal": bare(other_role),
			"fields": {"key": {"text": fixture.unknown("local.key"), "keys": ["key", "another"]}},
			"want": "unknown",
		},
		"a service": {"principal": fixture.service("dynamodb.amazonaws.com"), "fields": {}, "want": truth.no},
		"no principal": {"principal": fixture.principal({"kind": "invalid", "text": "x"}), "fields": {}, "want": truth.no},
	}
	fixture.verdict(grants.is_external(grant_of(tc.fields), tc.principal)) == tc.want with input as fixture.document(
		[
			fixture.key_of({}),
			object.union(fixture.key_of({}), {"id": "another", "owner": fixture.other}),
			object.union(object.remove(fixture.key_of({}), ["owner"]), {"id": "ownerless", "owner": fixture.unknown("")}),
		],
		[],
	)
}

test_is_service[note] if {
	some note, tc in {
		"a service": {"principal": fixture.service("dynamodb.amazonaws.com"), "want": truth.yes},
		"its role": {
			"principal": fixture.role(fixture.owner, "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
			"want": truth.yes,
		},
		"its role by reference": {
			"principal": fixture.unknown_role("aws_iam_service_linked_role.autoscaling.arn"),
			"want": truth.yes,
		},
		"a role": {"principal": fixture.unknown_role("aws_iam_role.app.arn"), "want": truth.no},
		"not known": {"principal": fixture.unknown_principal("AWS", "var.p"), "want": "unknown"},
	}
	fixture.verdict(grants.is_service(tc.principal)) == tc.want
}

test_kinds[note] if {
	some note, tc in {
		"of the key": {"fields": {}, "properties": {}, "want": {["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"]}},
		"of an unknown spec": {
			"fields": {},
			"properties": {"spec": fixture.unknown("var.spec"), "usage": "KEY_AGREEMENT"},
			"want": {[spec, "KEY_AGREEMENT"] | some spec in ["ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "SM2"]},
		},
		"of an unknown usage": {
			"fields": {},
			"properties": {"spec": "RSA_2048", "usage": fixture.unknown("var.usage")},
			"want": {["RSA_2048", "ENCRYPT_DECRYPT"], ["RSA_2048", "SIGN_VERIFY"]},
		},
		"of no legal pair": {"fields": {}, "properties": {"spec": "HMAC_256"}, "want": set()},
		"of the replica's primary": {
			"fields": {"key": {"text": "x", "keys": ["replica"]}},
			"properties": {"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"},
			"want": {["HMAC_256", "GENERATE_VERIFY_MAC"]},
		},
	}
	document := document_with(tc.fields, [fixture.key_of(tc.properties), fixture.replica_of("key")])
	fixture.verdict(grants.kinds(document.grants[0])) == tc.want with input as document
}

test_any_kind[note] if {
	some note, tc in {
		"outside of the input": {"fields": outside(fixture.unknown("var.key")), "keys": []},
		"of a standalone key policy": {"fields": {}, "keys": [object.remove(fixture.key_of({}), ["properties"])]},
		"of a primary outside of the input": {
			"fields": {"key": {"text": "x", "keys": ["replica"]}},
			"keys": [object.union(fixture.replica_of("key"), {"primary": {"text": "x", "keys": []}})],
		},
	}
	document := document_with(tc.fields, tc.keys)
	count(grants.kinds(document.grants[0])) > 20 with input as document
}

test_fitting_kinds[note] if {
	some note, tc in {
		"one": {"operations": ["GenerateDataKey", "DescribeKey"], "want": {"SYMMETRIC_DEFAULT"}},
		"several": {"operations": ["GenerateMac"], "want": {"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"}},
		"none": {"operations": ["GenerateMac", "Decrypt"], "want": set()},
	}
	grant := grant_of(object.union(outside(fixture.unknown("var.key")), {"operations": tc.operations}))
	{kind[0] | some kind in grants.fitting_kinds(grant)} == tc.want with input as fixture.document([], [])
}

test_symmetric if {
	grants.symmetric(["SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT"])
	not grants.symmetric(["RSA_2048", "ENCRYPT_DECRYPT"])
}
