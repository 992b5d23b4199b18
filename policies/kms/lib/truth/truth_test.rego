package kms.lib.truth_test

import data.kms.lib.truth

test_every_of[note] if {
	some note, tc in {
		"nothing": {"truths": set(), "want": truth.yes},
		"all": {"truths": {truth.yes}, "want": truth.yes},
		"one unknown": {"truths": {truth.yes, truth.unknown}, "want": truth.unknown},
		"one not": {"truths": {truth.yes, truth.unknown, truth.no}, "want": truth.no},
	}
	truth.every_of(tc.truths) == tc.want
}

test_any_of[note] if {
	some note, tc in {
		"nothing": {"truths": set(), "want": truth.no},
		"none": {"truths": {truth.no}, "want": truth.no},
		"one unknown": {"truths": {truth.no, truth.unknown}, "want": truth.unknown},
		"one": {"truths": {truth.yes, truth.unknown, truth.no}, "want": truth.yes},
	}
	truth.any_of(tc.truths) == tc.want
}

test_negate if {
	truth.negate(truth.yes) == truth.no
	truth.negate(truth.unknown) == truth.unknown
	truth.negate(truth.no) == truth.yes
}

test_from if {
	truth.from(true) == truth.yes
	truth.from(false) == truth.no
}
