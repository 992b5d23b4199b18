package kms.rules.alias_not_memorable_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.alias_not_memorable as rule

test_fails_for_a_name_that_says_nothing[name] if {
	some name in ["alias/key", "alias/my-kms-key-2", "alias/TestCMK", "alias/1234abcd-12ab-34cd-56ef-1234567890ab"]
	messages := {finding.message | some finding in rule.fail} with input as named(name)
	messages == {$"The alias name {name} does not describe the purpose of the key: it has no specific word of at least three letters."}
}

test_fails_at_the_name if {
	alias := object.union(fixture.alias("alias/key", ["key"]), {"locations": {"name": fixture.at("/alias/name")}})
	{finding.location.pointer | some finding in rule.fail} == {"/alias/name"} with input as fixture.document([], [alias])
}

test_fails_for_a_prefix_that_says_nothing if {
	count(rule.fail) == 1 with input as prefixed("alias/my-key-")
}

test_fails_if_the_configured_pattern_does_not_match if {
	messages := {finding.message | some finding in rule.fail} with input as named("alias/orders")
		with data.keywarden.settings as pattern
	messages == {"The alias name alias/orders does not match the configured pattern ^alias/(dev|prod)/[a-z-]+$."}
}

test_fails_once_if_neither_words_nor_pattern_fit if {
	count(rule.fail) == 1 with input as named("alias/key") with data.keywarden.settings as pattern
}

test_passes_memorable_names[name] if {
	some name in ["alias/orders", "alias/prod/CustomerOrders", "alias/OrdersKey1A2B3C4D"]
	count(rule.fail | rule.unknown) == 0 with input as named(name)
}

test_passes_if_the_configured_pattern_matches if {
	count(rule.fail) == 0 with input as named("alias/prod/orders") with data.keywarden.settings as pattern
}

test_passes_a_prefix_that_is_memorable[note] if {
	some note, settings in {"by words": {}, "whatever the pattern: the end is made up": pattern}
	count(rule.fail | rule.unknown) == 0 with input as prefixed("alias/orders-") with data.keywarden.settings as settings
}

# An unknown name may be memorable.
test_unknown_names_pass[note] if {
	some note, name in {
		"as a whole": fixture.unknown("var.name"),
		"in parts": {"text": "alias/⟨var.name⟩", "knownParts": ["alias/"]},
		"made up by the provider": null,
		"filled in by another tool": "alias/${x}-key",
		"filled in by another tool next to a word": "alias/${x}-orders",
	}
	count(rule.fail | rule.unknown) == 0 with input as named(name)
	count(rule.fail | rule.unknown) == 0 with input as named(name) with data.keywarden.settings as pattern
}

named(name) := fixture.document([fixture.key_of({})], [fixture.alias(name, ["key"])])

prefixed(name) := fixture.document([], [object.union(fixture.alias(name, ["key"]), {"prefix": true})])

pattern := {"alias_not_memorable": {"pattern": `^alias/(dev|prod)/[a-z-]+$`}}
