package main_test

import data.kms.lib.fixture_test as fixture
import data.main

_told(given) := {result.msg | some result in results; startswith(result.msg, "Wrong setting: ")} if {
	results := main.deny with data.keywarden as given with input as fixture.document([], [])
}

test_wrong_settings[note] if {
	some note, example in {
		"a value out of bounds": [
			{"settings": {"short_deletion_window": {"minimum": 3}}},
			"Wrong setting: keywarden.settings.short_deletion_window.minimum: Must be greater than or equal to 7.",
		],
		"a number for a text": [
			{"settings": {"trust": {"accounts": [111122223333]}}},
			"Wrong setting: keywarden.settings.trust.accounts.0: Invalid type. Expected: string, given: integer.",
		],
		"no mapping": [
			{"settings": {"short_deletion_window": 14}},
			"Wrong setting: keywarden.settings.short_deletion_window: Invalid type. Expected: object, given: integer.",
		],
		"a setting that a rule does not have": [
			{"settings": {"cross_account_excess": {"presett": "encrypt"}}},
			"Wrong setting: keywarden.settings.cross_account_excess: Additional property presett is not allowed. It has: actions, preset.",
		],
		"no regular expression": [
			{"settings": {"alias_not_memorable": {"pattern": "("}}},
			"Wrong setting: keywarden.settings.alias_not_memorable.pattern: Does not match format 'regex'.",
		],
		"no settings": [
			{"setings": {}},
			"Wrong setting: keywarden: Additional property setings is not allowed. It has: settings.",
		],
	}
	_told(example[0]) == {example[1]}
}

test_a_rule_that_does_not_exist if {
	some message in _told({"settings": {"short_deletion": {"minimum": 14}}})
	startswith(message, "Wrong setting: keywarden.settings: Additional property short_deletion is not allowed. It has: ")
	contains(message, " short_deletion_window, trust, ")
}

test_settings_in_order[note] if {
	some note, given in {
		"none": {},
		"of a rule": {"settings": {"short_deletion_window": {"minimum": 14}}},
		"of several rules": {"settings": {"trust": {"accounts": ["111122223333"]}}},
	}
	_told(given) == set()
}

test_no_data_of_ours if {
	results := main.deny with input as fixture.document([], [])
	results == set()
}
