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
		"partly known": {"value": {"text": "a⟨b⟩", "knownParts": ["a"]}, "want": false},
	}
	_holds(tc.value) == tc.want
}

_holds(v) if value.is_unknown(v)

else := false

test_cause if {
	value.cause(_unknown) == {"reason": "known only after apply", "expression": "var.x"}
}

test_causes_in if {
	value.causes_in(["a⟨var.a⟩:⟨var.b⟩", "⟨var.c⟩", "d"], "x") == {"a⟨var.a⟩:⟨var.b⟩", "⟨var.c⟩"}
	value.causes_in(["⟨var.c⟩", "d"], "x") == {"⟨var.c⟩"}
	value.causes_in(["a"], "the value") == {{"clause": "the value is unknown"}}
}

test_comparisons[note] if {
	some note, tc in {
		"is": {"got": value.is("a", "a"), "want": truth.yes},
		"is not": {"got": value.is("a", "b"), "want": truth.no},
		"is, unknown": {"got": value.is(_unknown, "a"), "want": "unknown"},
		"above": {"got": value.above(366, 365), "want": truth.yes},
		"above, the bound": {"got": value.above(365, 365), "want": truth.no},
		"above, not given": {"got": value.above(null, 365), "want": truth.no},
		"above, a string": {"got": value.above("366", 365), "want": truth.no},
		"above, unknown": {"got": value.above(_unknown, 365), "want": "unknown"},
	}
	fixture.verdict(tc.got) == tc.want
}
