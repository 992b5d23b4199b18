package kms.rules.grant_wildcard_principal_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_wildcard_principal as rule

test_fails[note] if {
	some note, tc in {
		"everyone": {
			"fields": {"grantee": fixture.everyone},
			"want": "The grantee principal of the grant is *, which contains a wildcard; AWS KMS requires exactly one principal.",
		},
		"a wildcard in a role": {
			"fields": {"grantee": fixture.principal({"kind": "invalid", "text": "arn:aws:iam::111122223333:role/job-*"})},
			"want": "The grantee principal of the grant is arn:aws:iam::111122223333:role/job-*, which contains a wildcard; AWS KMS requires exactly one principal.",
		},
		"a wildcard that retires": {
			"fields": {"retiring": fixture.everyone},
			"want": "The retiring principal of the grant is *, which contains a wildcard; AWS KMS requires exactly one principal.",
		},
		"another account": {
			"fields": {"grantee": fixture.other_root},
			"want": "The grantee principal of the grant is the account root principal of 444455556666; a grant to another account must name one role or user.",
		},
		"another account that retires": {
			"fields": {"retiring": fixtures.bare(fixture.other_root)},
			"want": "The retiring principal of the grant is the account root principal of 444455556666; a grant to another account must name one role or user.",
		},
	}
	document := fixtures.document_of(tc.fields, {})
	fixtures.messages(rule.fail) == {tc.want} with input as document
	rule.unknown == set() with input as document
}

test_fails_at_the_principal if {
	document := fixtures.document_of({"grantee": fixture.everyone}, {})
	{finding.location.pointer | some finding in rule.fail} == {"/principal/*"} with input as document
}

test_passes[note] if {
	some note, fields in {
		"a role": {},
		"a role of another account": {"grantee": fixtures.other_role, "retiring": fixtures.bare(fixtures.other_role)},
		"the own root": {"grantee": fixture.owner_root, "retiring": fixtures.bare(fixture.owner_root)},
		"a service": {"grantee": fixture.service("dynamodb.amazonaws.com")},
		"a role that is not known": {"grantee": fixture.unknown_role("aws_iam_role.app.arn")},
		"a principal of the own account": {"grantee": fixture.principal({"kind": "iam", "text": "⟨x⟩", "relation": "owner"})},
		"a malformed root": {"grantee": object.union(fixture.root("1234"), {"invalidReason": "1234 is not an account id"})},
		"nobody that retires": {"retiring": null},
		"an unknown part of a role's name": {"grantee": fixture.role(fixture.owner, "job-?")},
		"something else that is malformed": {"grantee": fixture.principal({"kind": "invalid", "text": "app"})},
	}
	document := fixtures.document_of(fields, {})
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"principal": {
			"fields": {"grantee": fixture.unknown_principal("AWS", "var.grantee")},
			"want": "Cannot tell whether the grantee principal ⟨var.grantee⟩ is the account root principal of another account: `var.grantee` is unknown.",
		},
		"principal that retires": {
			"fields": {"retiring": fixtures.bare(fixture.unknown_principal("AWS", "var.admin"))},
			"want": "Cannot tell whether the retiring principal ⟨var.admin⟩ is the account root principal of another account: `var.admin` is unknown.",
		},
		"account of the root": {
			"fields": {"grantee": fixture.unknown_root},
			"want": "Cannot tell whether the grantee principal arn:aws:iam::⟨var.account⟩:root is the account root principal of another account: `var.account` is known only after apply.",
		},
		"kind of principal": {
			"fields": {"grantee": fixture.principal({"kind": "iam", "text": "arn:aws:iam::444455556666:⟨var.name⟩", "relation": "external"})},
			"want": "Cannot tell whether the grantee principal arn:aws:iam::444455556666:⟨var.name⟩ is the account root principal of another account: `var.name` is unknown.",
		},
		"owner": {
			"fields": object.union(fixtures.outside(fixture.unknown("var.key")), {"grantee": fixtures.bare(fixture.other_root)}),
			"want": "Cannot tell whether the grantee principal arn:aws:iam::444455556666:root is the account root principal of another account: `var.key` is known only after apply.",
		},
	}
	document := fixtures.document_of(tc.fields, {})
	fixtures.messages(rule.unknown) == {tc.want} with input as document
	rule.fail == set() with input as document
}
