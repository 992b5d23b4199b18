package kms.lib.value_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.truth
import data.kms.lib.value

_unknown := fixture.unknown("var.x")

test_is_unknown[note] if {
	some note, tc in {
		"unknown": {"value": _unknown, "want": true},
		"text": {"value": "unknown", "want": false},
		"null": {"value": null, "want": false},
		"partly known": {"value": {"text": "a⟨b⟩", "known": ["a"]}, "want": false},
	}
	_holds(tc.value) == tc.want
}

_holds(v) if value.is_unknown(v)

else := false

test_why if {
	value.why(_unknown) == "`var.x` is not known: known only after apply"
	value.why({"unknown": {"reason": "the module is not here", "expression": ""}}) == "the module is not here"
}

test_comparisons[note] if {
	some note, tc in {
		"is": {"got": value.is("a", "a"), "want": truth.yes},
		"is not": {"got": value.is("a", "b"), "want": truth.no},
		"is, unknown": {"got": value.is(_unknown, "a"), "want": truth.unknown},
		"one of": {"got": value.one_of("a", {"a", "b"}), "want": truth.yes},
		"one of, not": {"got": value.one_of("c", {"a", "b"}), "want": truth.no},
		"one of, unknown": {"got": value.one_of(_unknown, {"a"}), "want": truth.unknown},
		"below": {"got": value.below(89, 90), "want": truth.yes},
		"below, the bound": {"got": value.below(90, 90), "want": truth.no},
		"below, not given": {"got": value.below(null, 90), "want": truth.no},
		"below, unknown": {"got": value.below(_unknown, 90), "want": truth.unknown},
		"above": {"got": value.above(366, 365), "want": truth.yes},
		"above, the bound": {"got": value.above(365, 365), "want": truth.no},
		"above, not given": {"got": value.above(null, 365), "want": truth.no},
		"above, unknown": {"got": value.above(_unknown, 365), "want": truth.unknown},
	}
	tc.got == tc.want
}
