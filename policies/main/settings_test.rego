package main_test

import data.kms.lib.fixture_test as fixture
import data.main

_messages(given) := {result.msg | some result in results; startswith(result.msg, "Invalid setting: ")} if {
	results := main.deny with data.keywarden as given with input as fixture.document([], [])
}

test_invalid_settings[note] if {
	some note, example in {
		"a value out of bounds": [
			{"settings": {"short_deletion_window": {"minimum": 3}}},
			"Invalid setting: keywarden.settings.short_deletion_window.minimum: Must be greater than or equal to 7.",
		],
		"a number for a string": [
			{"settings": {"trust": {"accounts": [111122223333]}}},
			"Invalid setting: keywarden.settings.trust.accounts.0: Invalid type. Expected: string, given: integer.",
		],
		"a number for an object": [
			{"settings": {"short_deletion_window": 14}},
			"Invalid setting: keywarden.settings.short_deletion_window: Invalid type. Expected: object, given: integer.",
		],
		"an unknown setting": [
			{"settings": {"cross_account_excess": {"presett": "encrypt"}}},
			"Invalid setting: keywarden.settings.cross_account_excess: Additional property presett is not allowed. Valid names: actions, preset.",
		],
		"an invalid regular expression": [
			{"settings": {"alias_not_memorable": {"pattern": "("}}},
			"Invalid setting: keywarden.settings.alias_not_memorable.pattern: Does not match format 'regex'.",
		],
		"a misspelled key": [
			{"setings": {}},
			"Invalid setting: keywarden: Additional property setings is not allowed. Valid names: settings.",
		],
	}
	_messages(example[0]) == {example[1]}
}

test_settings_of_an_unknown_rule if {
	some message in _messages({"settings": {"short_deletion": {"minimum": 14}}})
	startswith(message, "Invalid setting: keywarden.settings: Additional property short_deletion is not allowed. Valid names: ")
	contains(message, " short_deletion_window, trust, ")
}

test_valid_settings[note] if {
	some note, given in {
		"none": {},
		"of a rule": {"settings": {"short_deletion_window": {"minimum": 14}}},
		"of several rules": {"settings": {"trust": {"accounts": ["111122223333"]}}},
	}
	_messages(given) == set()
}

test_no_settings if {
	results := main.deny with input as fixture.document([], [])
	results == set()
}
