package kms.lib.variants_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.result
import data.kms.lib.variants

_prod := fixture.variant(fixture.key_of({}), ["IsProd is true", "the owner is account 1"])

_test := fixture.variant(fixture.key_of({}), ["IsProd is false"])

# Another resource with variants.
_else := object.union(_prod, {"id": "else", "resource": "aws_kms_key.else"})

_input := fixture.document([_prod, _test, _else], [])

_finding(entity, message) := result.at(entity, entity.location, message)

_settled(entity, message, verdict) := object.union(
	object.remove(_finding(entity, message), ["entity", "assumptions", "total"]),
	{"verdict": verdict},
)

_fails_if(entity, message) := object.union(_settled(entity, message, "unknown"), {"failsIf": entity.variant.assumptions})

test_fails_without_variants if {
	key := fixture.key_of({})
	findings := variants.merge({_finding(key, "Bad.")}, set()) with input as fixture.document([key], [])
	findings == {_settled(key, "Bad.", "fail")}
}

test_fails_in_all_variants_once if {
	findings := variants.merge({_finding(_prod, "Bad."), _finding(_test, "Bad.")}, set()) with input as _input
	findings == {_settled(_prod, "Bad.", "fail")}
}

test_one_finding_represents_those_at_one_location if {
	findings := variants.merge({_finding(_prod, "Bad."), _finding(_test, "Worse.")}, set()) with input as _input
	findings == {_settled(_test, "Worse.", "fail")}
}

test_one_finding_for_each_location_and_resource if {
	fails := {
		result.at(_prod, fixture.at("/first"), "Bad."),
		result.at(_prod, fixture.at("/second"), "Bad."),
		_finding(_else, "Bad."),
	}
	findings := variants.merge(fails, set()) with input as _input
	{[finding.resource, finding.location.pointer] | some finding in findings} == {
		["aws_kms_key.main", "/first"],
		["aws_kms_key.main", "/second"],
		["aws_kms_key.else", "/key"],
	}

	# Each resource fails in one of its two variants.
	{finding.verdict | some finding in findings} == {"unknown"}
}

test_unknown_without_variants if {
	key := fixture.key_of({})
	unknowns := {_finding(key, "Cannot tell whether it is bad: `a` is unknown."), _finding(key, "Cannot tell whether it is bad: `b` is unknown.")}
	findings := variants.merge(set(), unknowns) with input as fixture.document([key], [])
	findings == {_settled(key, finding.message, "unknown") | some finding in unknowns}
}

test_one_unknown_verdict_for_each_question_and_resource if {
	unknowns := {
		_finding(_prod, "Cannot tell whether it is bad: `a` is unknown."),
		_finding(_prod, "Cannot tell whether it is worse: `a` is unknown."),
		_finding(_else, "Cannot tell whether it is bad: `a` is unknown."),
	}
	findings := variants.merge(set(), unknowns) with input as _input
	findings == {
		_settled(_prod, "Cannot tell whether it is bad: `a` is unknown.", "unknown"),
		_settled(_prod, "Cannot tell whether it is worse: `a` is unknown.", "unknown"),
		_settled(_else, "Cannot tell whether it is bad: `a` is unknown.", "unknown"),
	}
}

test_unknown_if_it_fails_in_some_variants if {
	findings := variants.merge({_finding(_prod, "Bad.")}, set()) with input as _input
	findings == {_fails_if(_prod, "If IsProd is true and the owner is account 1: Bad.")}
}

test_unknown_is_left_out_if_the_resource_fails if {
	findings := variants.merge({_finding(_prod, "Bad.")}, {_finding(_test, "Who knows.")}) with input as _input
	findings == {_fails_if(_prod, "If IsProd is true and the owner is account 1: Bad.")}
}

test_unknown_of_another_resource_is_reported if {
	findings := variants.merge(
		{_finding(_prod, "Bad."), _finding(_test, "Bad.")},
		{_finding(_test, "Who knows."), _finding(_else, "Who knows.")},
	) with input as _input
	findings == {_settled(_prod, "Bad.", "fail"), _settled(_else, "Who knows.", "unknown")}
}

test_variants_of_aliases if {
	alias := fixture.alias("alias/a", [])
	aliases := [fixture.variant(alias, ["one"]), fixture.variant(alias, ["other"])]
	findings := variants.merge({_finding(aliases[0], "Bad.")}, set()) with input as fixture.document([], aliases)
	findings == {_fails_if(aliases[0], "If one: Bad.")}
}

test_one_variant_represents_an_unknown_verdict_with_different_causes if {
	unknowns := {
		_finding(_prod, "Cannot tell whether it is bad: `b` is unknown."),
		_finding(_test, "Cannot tell whether it is bad: `a` is unknown."),
	}
	findings := variants.merge(set(), unknowns) with input as _input
	findings == {_settled(_test, "Cannot tell whether it is bad: `a` is unknown.", "unknown")}
}
