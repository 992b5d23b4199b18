package kms.lib.result_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.result
import data.kms.lib.truth

test_at if {
	result.at(fixture.key_of({}), fixture.at("/x"), "Words.") == {
		"entity": "key",
		"type": "aws_kms_key",
		"resource": "aws_kms_key.main",
		"file": "main.tf",
		"assumptions": [],
		"total": 1,
		"location": fixture.at("/x"),
		"statement": null,
		"message": "Words.",
	}
}

test_at_contains_the_assumptions_of_a_variant if {
	key := fixture.variant(fixture.key_of({}), ["IsProd is true"])
	result.at(key, fixture.at("/x"), "Words.").assumptions == ["IsProd is true"]
	result.at(key, fixture.at("/x"), "Words.").total == 2
}

test_at_field_falls_back_to_the_entity if {
	key := object.union(fixture.key_of({}), {"locations": {"rotation": fixture.at("/key/rotation")}})
	result.at_field(key, "rotation", "Words.").location.pointer == "/key/rotation"
	result.at_field(key, "spec", "Words.").location.pointer == "/key"
}

test_at_policy_falls_back_to_the_key if {
	result.at_policy(fixture.with_policy({}), "Words.").location.pointer == "/key/policy"
	result.at_policy(fixture.key_of({}), "Words.").location.pointer == "/key"
}

test_statement_has_its_sid_or_number_as_a_name[note] if {
	some note, tc in {
		"sid": {"statement": {"sid": "AllowApp"}, "label": "AllowApp", "name": "\"AllowApp\""},
		"empty sid": {"statement": {"sid": "", "index": 2}, "label": "#3", "name": "3"},
		"no sid": {"statement": {}, "label": "#1", "name": "1"},
	}
	statement := fixture.statement(tc.statement)
	result.at_statement(fixture.key_of({}), statement, statement.location, "Words.").statement == tc.label
	result.subject(statement) == $"Statement {tc.name}"
	result.statement(statement) == $"statement {tc.name}"
}

test_short_list if {
	result.short_list(set()) == ""
	result.short_list({"a"}) == "a"
	result.short_list({"b", "a"}) == "a and b"
	result.short_list({"c", "b", "a"}) == "a, b and c"
	result.short_list({"a", "b", "c", "d", "e", "f"}) == "a, b, c, d and 2 more"
}

test_action_list if {
	result.action_list(fixture.statement({}), {"Decrypt"}) == "kms:*"
	result.action_list(fixture.statement({"actions": ["kms:D*"]}), {"Decrypt", "DescribeKey"}) == "kms:Decrypt and kms:DescribeKey"
	result.action_list(fixture.statement({}), set()) == ""
}

test_cannot_tell[note] if {
	no_default := {"expression": "a", "reason": "no default"}
	some note, tc in {
		"one cause": {"causes": {"⟨b⟩"}, "want": "`b` is unknown"},
		"sorted": {"causes": {"⟨b⟩", no_default}, "want": "`a` is unknown (no default); `b` is unknown"},
		"the reason once": {"causes": {"⟨a⟩", no_default}, "want": "`a` is unknown (no default)"},
		"at most three": {"causes": {"⟨a⟩⟨b⟩⟨c⟩⟨d⟩⟨e⟩"}, "want": "`a` is unknown; `b` is unknown; `c` is unknown; and 2 more"},
	}
	result.cannot_tell("the key rotates", truth.unknown(tc.causes)).text == $"Cannot tell whether the key rotates: {tc.want}."
}

test_cannot_tell_needs_an_unknown_truth if {
	not result.cannot_tell("the key rotates", truth.yes)
	not result.cannot_tell("the key rotates", truth.no)
}

test_principal if {
	result.principal(fixture.everyone) == "everyone who meets the conditions"
	result.principal(fixture.other_root) == "account 444455556666"
	result.principal(fixture.unknown_root) == "arn:aws:iam::⟨var.account⟩:root"
	result.principal(fixture.role(fixture.other, "app")) == "arn:aws:iam::444455556666:role/app"
}

test_at_keeps_the_causes_of_an_unknown_verdict if {
	message := result.cannot_tell("the key rotates", truth.unknown({"⟨var.x⟩"}))
	finding := result.at(fixture.key_of({}), fixture.at("/x"), message)
	finding.message == "Cannot tell whether the key rotates: `var.x` is unknown."
	finding.causes == ["`var.x` is unknown"]
}
