package kms.rules.rotation_period_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.rotation_period as rule

_fail(properties) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_of(properties)
}

_unknown(properties) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_of(properties)
}

test_fails[note] if {
	some note, example in {
		"short": [{"rotation": true, "rotationPeriodDays": 30}, "Rotation period is 30 days; AWS KMS requires 90 to 2560."],
		"long": [{"rotation": true, "rotationPeriodDays": 3000}, "Rotation period is 3000 days; AWS KMS requires 90 to 2560."],
		"above the maximum": [{"rotation": true, "rotationPeriodDays": 730}, "Rotation period is 730 days; the configured maximum is 365."],
		"one day too short": [{"rotation": true, "rotationPeriodDays": 89}, "Rotation period is 89 days; AWS KMS requires 90 to 2560."],
		"one day too long": [{"rotation": true, "rotationPeriodDays": 2561}, "Rotation period is 2561 days; AWS KMS requires 90 to 2560."],
		"one day above the maximum": [{"rotation": true, "rotationPeriodDays": 366}, "Rotation period is 366 days; the configured maximum is 365."],
		"short and off": [{"rotation": false, "rotationPeriodDays": 30}, "Rotation period is 30 days; AWS KMS requires 90 to 2560."],
		"above the maximum and off": [{"rotation": false, "rotationPeriodDays": 366}, "Rotation period is 366 days; the configured maximum is 365."],
		"the maximum, but off": [{"rotation": false, "rotationPeriodDays": 365}, "Rotation period is 365 days, but automatic key rotation is disabled."],
		"off": [{"rotation": false, "rotationPeriodDays": 180}, "Rotation period is 180 days, but automatic key rotation is disabled."],
		"short, and rotation not known": [{"rotation": fixture.unknown("var.r"), "rotationPeriodDays": 30}, "Rotation period is 30 days; AWS KMS requires 90 to 2560."],
	}
	_fail(example[0]) == {example[1]}
	_unknown(example[0]) == set()
}

test_passes[note] if {
	some note, properties in {
		"not set": {"rotation": true},
		"the shortest": {"rotation": true, "rotationPeriodDays": 90},
		"the maximum": {"rotation": true, "rotationPeriodDays": 365},
		"within": {"rotation": true, "rotationPeriodDays": 180},
	}
	_fail(properties) | _unknown(properties) == set()
}

test_a_configured_maximum if {
	document := fixture.document_of({"rotation": true, "rotationPeriodDays": 730})
	findings := rule.fail with input as document with data.keywarden.settings as {"rotation_period": {"maximum": 800}}
	findings == set()
	longest := fixture.document_of({"rotation": true, "rotationPeriodDays": 2560})
	without_limit := rule.fail with input as longest with data.keywarden.settings as {"rotation_period": {"maximum": 2560}}
	without_limit == set()
}

test_unknown if {
	_unknown({"rotation": true, "rotationPeriodDays": fixture.unknown("var.days")}) == {"Cannot tell whether the rotation period is between 90 and 365 days: `var.days` is known only after apply."}
	_unknown({"rotation": fixture.unknown("var.r"), "rotationPeriodDays": fixture.unknown("var.days")}) == {"Cannot tell whether the rotation period is between 90 and 365 days: `var.days` is known only after apply."}
	_unknown({"rotation": fixture.unknown("var.r"), "rotationPeriodDays": 365}) != set()
	_unknown({"rotation": fixture.unknown("var.r"), "rotationPeriodDays": 180}) == {"Cannot tell whether automatic key rotation, whose period is 180 days, is enabled: `var.r` is known only after apply."}
	_fail({"rotation": true, "rotationPeriodDays": fixture.unknown("var.days")}) == set()
}
