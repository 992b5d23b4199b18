package kms.rules.ram_share_external_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.ram_share_external as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_share(fields) := object.union(fixture.document([], []), {"shares": [object.union(
	{
		"id": "share",
		"resource": "aws_ram_resource_share.keys",
		"type": "aws_ram_resource_share",
		"scope": "plan",
		"location": fixture.at("/share"),
		"locations": {},
		"defaults": [],
		"keys": [{"text": "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab", "keys": []}],
		"allowExternalPrincipals": false,
		"principals": [],
	},
	fields,
)]})

_to(text) := _share({"principals": [object.union(
	{"text": text, "location": fixture.at("/principal")},
	{"account": account | account := _account(text)},
)]})

_account(text) := regex.find_n(`\b\d{12}\b`, text, 1)[0] if not contains(text, ":organizations:")

_trusting(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document with data.keywarden.settings as _settings
}

_settings := {"trust": {"accounts": ["444455556666"], "organizations": ["o-1234567890"]}}

test_fails_if_external_principals_are_allowed if {
	_fail(_share({"allowExternalPrincipals": true})) == {"The resource share includes a KMS key and allows principals outside the organization."}
}

test_fails_for_accounts_that_are_not_trusted[text] if {
	some text in ["777788889999", "arn:aws:iam::777788889999:role/x", "arn:aws:organizations::111122223333:organization/o-other12345", "x/o-1234567890"]
	_trusting(_to(text)) == {$"The resource share includes a KMS key and names {text}, which the configured trust list does not include."}
}

test_passes[text] if {
	some text in [
		"444455556666",
		"arn:aws:iam::444455556666:role/x",
		"arn:aws:organizations::111122223333:organization/o-1234567890",
		"arn:aws:organizations::111122223333:ou/o-1234567890/ou-ab12-11111111",
		"rds.amazonaws.com",
		"o-1234567890",
	]
	_trusting(_to(text)) == set()
}

test_passes_the_owner[account] if {
	some account in ["self", fixture.owner]
	document := object.union(
		_share({
			"keys": [{"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ["key"]}],
			"principals": [{"text": fixture.unknown("own"), "account": account, "location": fixture.at("/principal")}],
		}),
		{"keys": [fixture.key_of({})]},
	)
	findings := rule.unknown with input as document with data.keywarden.settings as _settings
	_trusting(document) | findings == set()
}

test_role_with_an_unknown_name_belongs_to_its_account if {
	principal := {"text": fixture.unknown("var.role"), "account": "777788889999", "location": fixture.at("/principal")}
	count(_trusting(_share({"principals": [principal]}))) == 1
}

test_accounts_are_not_judged_without_a_list if {
	_fail(_to("777788889999")) == set()
	_unknown(_to("777788889999")) == set()
}

test_unknown if {
	_unknown(_share({"allowExternalPrincipals": fixture.unknown("var.open")})) == {"Cannot tell whether the resource share of a KMS key allows principals outside the organization: `var.open` is known only after apply."}
	findings := rule.unknown with input as _to(fixture.unknown("var.account")) with data.keywarden.settings as _settings
	{finding.message | some finding in findings} == {"Cannot tell whether the resource share of a KMS key names a principal that the configured trust list does not include: `var.account` is known only after apply."}
}

test_a_key_by_reference[note] if {
	some note, key in {
		"of the input": {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ["key"]},
		"by an ARN of parts": {"text": fixture.unknown("arn:⟨AWS::Partition⟩:kms:⟨AWS::Region⟩:⟨AWS::AccountId⟩:key/1"), "keys": []},
	}
	count(_fail(_share({"allowExternalPrincipals": true, "keys": [key]}))) == 1
}

test_unknown_resources if {
	document := _share({"allowExternalPrincipals": true, "keys": []})
	_unknown(document) == {"Cannot tell whether the resource share, which allows principals outside the organization, includes a KMS key: the resources of the share are unknown."}
}

test_passes_unknown_resources_inside_the_organization if {
	_unknown(_share({"keys": []})) == set()
}

test_passes_an_owner_of_several_keys if {
	shared := {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ["key"]}
	principals := [{"text": fixture.other, "account": "777788889999", "location": fixture.at("/principal")}]
	keys := [fixture.key_of({}), object.union(fixture.key_of({}), {"id": "other", "owner": "777788889999"})]
	document := object.union(_share({"keys": [shared], "principals": principals}), {"keys": keys})
	count(_trusting(document)) == 1
}

test_unknown_whether_it_lists_a_key if {
	document := _share({"allowExternalPrincipals": true, "keys": [{"text": fixture.unknown("var.arn"), "keys": []}]})
	_fail(document) == set()
	_unknown(document) == {"Cannot tell whether the resource share, which allows principals outside the organization, includes a KMS key: `var.arn` is known only after apply."}
}
