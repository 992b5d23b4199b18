package kms.lib.external_test

import data.kms.lib.external
import data.kms.lib.fixture_test as fixture
import data.kms.lib.truth

_accounts(values) := fixture.condition("StringEquals", "kms:CallerAccount", values)

_org := fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])

test_is_external[note] if {
	some note, tc in {
		"the owner": {"principal": fixture.owner_root, "conditions": [], "is": truth.no, "beyond": truth.no},
		"another account": {"principal": fixture.other_root, "conditions": [], "is": truth.yes, "beyond": truth.yes},
		"another account, kept out by a condition": {
			"principal": fixture.other_root,
			"conditions": [_accounts([fixture.owner])],
			"is": truth.no, "beyond": truth.no,
		},
		"an unknown account": {
			"principal": fixture.unknown_root,
			"conditions": [],
			"is": "unknown", "beyond": "unknown",
		},
		"a service": {
			"principal": fixture.service("s3.amazonaws.com"),
			"conditions": [],
			"is": truth.no, "beyond": truth.no,
		},
		"everyone": {"principal": fixture.everyone, "conditions": [], "is": truth.no, "beyond": truth.no},
		"everyone of another account": {
			"principal": fixture.everyone,
			"conditions": [_accounts([fixture.other])],
			"is": truth.yes, "beyond": truth.yes,
		},
		"everyone of an organization": {
			"principal": fixture.everyone,
			"conditions": [_org],
			"is": truth.no, "beyond": truth.yes,
		},
	}
	statement := fixture.allow([tc.principal], ["kms:Decrypt"], tc.conditions)
	fixture.verdict(external.is_external(fixture.key_with([statement]), statement, tc.principal)) == tc.is
	fixture.verdict(external.is_beyond_owner(fixture.key_with([statement]), statement, tc.principal)) == tc.beyond
}

test_name if {
	external.name(fixture.everyone) == "everyone who meets the conditions"
	external.name(fixture.other_root) == "account 444455556666"
	external.name(fixture.unknown_root) == "arn:aws:iam::⟨var.account⟩:root"
	external.name(fixture.role(fixture.other, "app")) == "arn:aws:iam::444455556666:role/app"
}
