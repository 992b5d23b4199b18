package kms.lib.verdicts_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.verdicts

test_rules_that_find_nothing_are_left_out if {
	open := fixture.document_with([fixture.statement({"principals": [fixture.everyone]})])
	found := verdicts.by_rule with input as open
	count(found.public_access.fail) == 1
	count(found.alias_missing.unknown) == 0
	not found.unknown_action
}

test_every_rule_has_a_title_a_level_and_a_remediation if {
	abouts := {rule: about | about := data.kms.rules[rule].about}
	count(abouts) > 0
	every about in abouts {
		about.title != ""
		about.description != ""
		about.custom.level in {"error", "warning", "note", "off"}
		about.custom.remediation != ""
	}
}

test_every_rule_has_both_verdicts if {
	abouts := {rule | data.kms.rules[rule].about}
	{rule | data.kms.rules[rule].fail; data.kms.rules[rule].unknown} == abouts with input as fixture.document([], [])
}
