package kms.rules.grant_cross_account_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_cross_account as rule

test_fails[note] if {
	some note, fields in {
		"a role": {"grantee": fixtures.other_role},
		"a role of which the name is not known": {"grantee": object.union(fixtures.other_role, {"partlyUnknown": true})},
		"on a key outside of the input": object.union(
			fixtures.outside("arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
			{"grantee": fixtures.bare(fixtures.other_role)},
		),
	}
	document := fixtures.document_of(object.union(fields, {"operations": ["Decrypt", "DescribeKey", "Encrypt"]}), {})
	fixtures.messages(rule.fail) == {"The grant allows the external principal arn:aws:iam::444455556666:role/reader to use Encrypt; a reader only needs Decrypt and DescribeKey."} with input as document
	rule.unknown == set() with input as document
}

test_fails_at_the_operations if {
	fields := {
		"grantee": fixtures.other_role,
		"operations": ["Encrypt"],
		"locations": {"operations": fixture.at("/grant/operations")},
	}
	document := fixtures.document_of(fields, {})
	{finding.location.pointer | some finding in rule.fail} == {"/grant/operations"} with input as document
}

test_passes[note] if {
	some note, fields in {
		"reading": {"grantee": fixtures.other_role, "operations": ["Decrypt", "DescribeKey"]},
		"the own account": {"operations": ["Encrypt", "CreateGrant"]},
		"a service": {"grantee": fixture.service("dynamodb.amazonaws.com"), "operations": ["Encrypt"]},
		"anybody reads": {"grantee": fixture.unknown_principal("AWS", "var.p"), "operations": ["Decrypt"]},
		"what is no principal": {"grantee": fixture.principal({"kind": "invalid", "text": "x"}), "operations": ["Encrypt"]},
		"whatever the own account gets": {"operations": fixture.unknown("var.ops")},
	}
	document := fixtures.document_of(fields, {})
	rule.fail | rule.unknown == set() with input as document
}

_causes := {
	"grantee": fixture.causes.principal,
	"account": fixture.causes.account,
	"owner": "`var.key` is known only after apply",
	"operations": "`var.ops` is known only after apply",
}

test_unknown[note] if {
	some note, tc in {
		"grantee": {
			"fields": {"grantee": fixture.unknown_principal("AWS", "var.p"), "operations": ["Encrypt"]},
			"who": "⟨var.p⟩",
		},
		"account": {
			"fields": {"grantee": fixture.unknown_root, "operations": ["Encrypt"]},
			"who": "arn:aws:iam::⟨var.account⟩:root",
		},
		"owner": {
			"fields": object.union(
				fixtures.outside(fixture.unknown("var.key")),
				{"grantee": fixtures.bare(fixtures.other_role), "operations": ["Encrypt"]},
			),
			"who": "arn:aws:iam::444455556666:role/reader",
		},
		"operations": {
			"fields": {"grantee": fixtures.other_role, "operations": fixture.unknown("var.ops")},
			"who": "arn:aws:iam::444455556666:role/reader",
		},
	}
	document := fixtures.document_of(tc.fields, {})
	fixtures.messages(rule.unknown) == {$"Cannot tell whether the grant allows a principal in another account, {tc.who}, more than Decrypt and DescribeKey: {_causes[note]}."} with input as document
	rule.fail == set() with input as document
}
