package kms.lib.truth_test

import data.kms.lib.truth

_spec := truth.unknown({"`var.spec` is unknown"})

_usage := truth.unknown({"`var.usage` is unknown"})

_both := truth.unknown({"`var.spec` is unknown", "`var.usage` is unknown"})

test_every_of[note] if {
	some note, tc in {
		"nothing": {"truths": set(), "want": truth.yes},
		"all": {"truths": {truth.yes}, "want": truth.yes},
		"one unknown": {"truths": {truth.yes, _spec}, "want": _spec},
		"two unknown": {"truths": {truth.yes, _spec, _usage}, "want": _both},
		"one not": {"truths": {truth.yes, _spec, truth.no}, "want": truth.no},
	}
	truth.every_of(tc.truths) == tc.want
}

test_any_of[note] if {
	some note, tc in {
		"nothing": {"truths": set(), "want": truth.no},
		"none": {"truths": {truth.no}, "want": truth.no},
		"one unknown": {"truths": {truth.no, _spec}, "want": _spec},
		"two unknown": {"truths": {truth.no, _spec, _usage}, "want": _both},
		"one": {"truths": {truth.yes, _spec, truth.no}, "want": truth.yes},
	}
	truth.any_of(tc.truths) == tc.want
}

test_negate_keeps_the_causes if {
	truth.negate(truth.yes) == truth.no
	truth.negate(_both) == _both
	truth.negate(truth.no) == truth.yes
}

test_causes if {
	truth.causes({truth.yes, truth.no, _spec, _usage}) == _both.unknown
	truth.causes({truth.yes}) == set()
}

test_is_unknown if {
	truth.is_unknown(_spec)
	not truth.is_unknown(truth.yes)
	not truth.is_unknown(truth.no)
}

test_from if {
	truth.from(true) == truth.yes
	truth.from(false) == truth.no
}
