package kms.main_test

import data.kms.lib.fixture_test as fixture
import data.kms.main

# The verdicts and messages of one rule.
_of(rule, document) := {[finding.verdict, finding.message] | some finding in findings; finding.rule == rule} if {
	findings := main.findings with input as document
}

_open := fixture.statement({"principals": [fixture.everyone]})

_public := "Statement 1 allows everyone (*) kms:*, and no condition confines it."

_prod := fixture.variant(fixture.key_with([_open]), ["IsProd is true"])

_test := fixture.variant(fixture.key_with([fixture.statement({})]), ["IsProd is false"])

# Of the same resource, a variant of which the principal is not known.
_unsure := fixture.variant(
	fixture.key_with([fixture.statement({"principals": [fixture.unknown_principal("AWS", "var.p")]})]),
	["IsProd is false"],
)

test_finding_holds_the_words_of_its_rule if {
	some finding in main.findings with input as fixture.document_with([_open])
	finding.rule == "public_access"
	object.keys(finding) == {
		"rule", "level", "verdict", "resource", "file", "location", "statement", "message", "title", "why", "remediation",
	}
	finding.level == "error"
	finding.verdict == "fail"
	finding.resource == "aws_kms_key.main"
	finding.file == "main.tf"
	finding.statement == "#1"
	finding.title == "The key is open to everyone"
	startswith(finding.why, "Anybody with an AWS account can use a key")
	contains(finding.remediation, "kms:CallerAccount")
}

test_finding_may_have_a_level_of_its_own if {
	statements := [fixture.statement({"actions": ["kms:PutKeyPolicy"]})]
	findings := main.findings with input as fixture.document_with(statements)
	{finding.level | some finding in findings; finding.rule == "root_access_missing"} == {"warning"}
}

test_a_key_without_fault_has_no_findings if {
	key := object.union(fixture.key_with([fixture.statement({})]), {"properties": {"rotation": true}})
	findings := main.findings with input as fixture.document([key], [fixture.alias("alias/orders", ["key"])])
	_about_policies(findings) == set()
}

test_fails_in_all_variants if {
	other := fixture.variant(fixture.key_with([_open]), ["IsProd is false"])
	_of("public_access", fixture.document([_prod, other], [])) == {["fail", _public]}
}

test_unknown_where_it_fails_in_some_variants if {
	_of("public_access", fixture.document([_prod, _test], [])) == {[
		"unknown",
		$"When IsProd is true: {_public}",
	]}
}

test_unknown_is_no_finding_where_a_variant_fails if {
	_of("public_access", fixture.document([_prod, _unsure], [])) == {[
		"unknown",
		$"When IsProd is true: {_public}",
	]}
}

test_unknown_is_no_finding_where_the_resource_fails if {
	unsure := fixture.statement({"principals": [fixture.unknown_principal("AWS", "var.p")]})
	_of("public_access", fixture.document_with([_open, unsure])) == {["fail", _public]}
}

test_unknown_in_a_variant if {
	_of("public_access", fixture.document([_unsure, _test], [])) == {[
		"unknown",
		"Statement 1 may be open to everyone: the principal ⟨var.p⟩ is not known.",
	]}
}

test_an_unresolved_policy_has_one_finding if {
	key := object.union(
		fixture.with_policy({"state": "unresolved", "unknown": {"reason": "the file is not here", "expression": ""}}),
		{"properties": {"rotation": true}},
	)
	findings := main.findings with input as fixture.document([key], [fixture.alias("alias/orders", ["key"])])
	{[finding.rule, finding.verdict] | some finding in _about_policies(findings)} == {["policy_unresolved", "unknown"]}
}

# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
_console(users) := object.union(
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
		fixture.allow(
			users,
			["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
			[fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])],
		),
	]),
	{"properties": {"rotation": true}},
)

# kms:Create* of its administrators takes in CreateGrant.
test_the_policy_of_the_console_lets_its_administrators_make_grants if {
	document := fixture.document([_console([fixture.role(fixture.owner, "app")])], [fixture.alias("alias/orders", ["key"])])
	findings := main.findings with input as document
	{[finding.rule, finding.resource] | some finding in _about_policies(findings)} == {["create_grant_unrestricted", "aws_kms_key.main"]}
}

test_the_policy_of_the_console_for_another_account_is_excess_and_no_delegation if {
	document := fixture.document([_console([fixture.other_root])], [fixture.alias("alias/orders", ["key"])])
	findings := main.findings with input as document
	{finding.rule | some finding in _about_policies(findings)} == {"cross_account_excess", "create_grant_unrestricted"}
}

# Rules about other things than the key policy may report the fixtures.
_about_policies(findings) := {finding |
	some finding in findings
	data.kms.rules[finding.rule].about.custom.category in {"access", "manageability", "policy"}
}
