package kms.main_test

import data.kms.lib.fixture_test as fixture
import data.kms.main

# The findings of one rule, each as its verdict and location.
_of(rule, document) := {[finding.verdict, finding.location.pointer] | some finding in findings; finding.rule == rule} if {
	findings := main.findings with input as document
}

_open := fixture.statement({"principals": [fixture.everyone]})

_open_key := fixture.key_with([_open])

_sound_key := fixture.key_with([fixture.statement({})])

_unknown_key := fixture.key_with([fixture.statement({"principals": [fixture.unknown_principal("AWS", "var.p")]})])

_prod(key) := fixture.variant(key, ["IsProd is true"])

_test(key) := fixture.variant(key, ["IsProd is false"])

_failed := ["fail", "/principal/*"]

_unknown := ["unknown", "/principal/*"]

test_finding_contains_the_metadata_of_its_rule if {
	some finding in main.findings with input as fixture.document_with([_open])
	finding.rule == "public_access"
	object.keys(finding) == {
		"rule", "level", "verdict", "resource", "file", "location", "statement", "message", "title", "why", "remediation",
	}
	about := data.kms.rules.public_access.about
	finding.level == about.custom.level
	finding.verdict == "fail"
	finding.resource == "aws_kms_key.main"
	finding.file == "main.tf"
	finding.statement == "#1"
	finding.title == about.title
	finding.why == about.description
	finding.remediation != ""
}

test_finding_may_override_the_level_of_its_rule if {
	statements := [fixture.statement({"actions": ["kms:PutKeyPolicy"]})]
	findings := main.findings with input as fixture.document_with(statements)
	{finding.level | some finding in findings; finding.rule == "root_access_missing"} == {"warning"}
}

test_compliant_key_has_no_findings if {
	key := object.union(_sound_key, {"properties": {"rotation": true}})
	main.findings == set() with input as fixture.document([key], [fixture.alias("alias/orders", ["key"])])
}

test_fails_if_all_variants_fail if {
	_of("public_access", fixture.document([_prod(_open_key), _test(_open_key)], [])) == {_failed}
}

test_unknown_if_some_variants_fail if {
	_of("public_access", fixture.document([_prod(_open_key), _test(_sound_key)], [])) == {_unknown}
}

test_unknown_variant_is_left_out_if_another_one_fails if {
	_of("public_access", fixture.document([_prod(_open_key), _test(_unknown_key)], [])) == {_unknown}
}

test_unknown_statement_is_left_out_if_the_key_fails if {
	unknown := fixture.statement({"principals": [fixture.unknown_principal("AWS", "var.p")]})
	_of("public_access", fixture.document_with([_open, unknown])) == {_failed}
}

test_unknown_in_one_variant if {
	_of("public_access", fixture.document([_test(_unknown_key), _prod(_sound_key)], [])) == {["unknown", "/principal/⟨var.p⟩"]}
}

test_unresolved_policy_has_one_finding if {
	key := object.union(
		fixture.with_policy({"state": "unresolved", "unknown": {"reason": "the file is not here", "expression": ""}}),
		{"properties": {"rotation": true}},
	)
	findings := main.findings with input as fixture.document([key], [fixture.alias("alias/orders", ["key"])])
	{[finding.rule, finding.verdict] | some finding in _about_policies(findings)} == {["policy_unresolved", "unknown"]}
}

# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_console(users, reached) := object.union(
	fixture.key_with([
		fixture.statement({"sid": "Enable IAM User Permissions"}),
		fixture.allow(
			[fixture.role(fixture.owner, "admin")],
			["kms:Create*", "kms:Describe*", "kms:Put*", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"],
			[],
		),
		fixture.allow(
			users,
			["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
			[],
		),
		fixture.reaching(
			fixture.allow(
				users,
				["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
				[fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])],
			),
			{property: true | some property in reached},
		),
	]),
	{"properties": {"rotation": true}},
)

# kms:Create* of the administrators includes CreateGrant.
test_console_policy_lets_its_administrators_create_grants if {
	document := fixture.document([_console([fixture.role(fixture.owner, "app")], ["owner"])], [fixture.alias("alias/orders", ["key"])])
	findings := main.findings with input as document
	{[finding.rule, finding.resource] | some finding in _about_policies(findings)} == {["create_grant_unrestricted", "aws_kms_key.main"]}
}

test_console_policy_for_another_account_is_excess_but_not_delegation if {
	document := fixture.document([_console([fixture.other_root], ["external", "beyondOwner"])], [fixture.alias("alias/orders", ["key"])])
	findings := main.findings with input as document
	{finding.rule | some finding in _about_policies(findings)} == {"cross_account_excess", "create_grant_unrestricted"}
}

# Rules about other things than the key policy may report the fixtures.
_about_policies(findings) := {finding |
	some finding in findings
	data.kms.rules[finding.rule].about.custom.category in {"access", "manageability", "policy"}
}
