package kms.lib.purpose_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.purpose
import data.kms.lib.truth

test_mentions[note] if {
	some note, tc in {
		"a word": {"text": "Encrypts JWT payloads", "want": truth.yes},
		"without case": {"text": "jwt", "want": truth.yes},
		"inside of another word": {"text": "ajwtb", "want": truth.no},
		"next to a sign": {"text": "tokens (JWT)", "want": truth.yes},
		"two words": {"text": "for client side use", "want": truth.yes},
		"two words with a hyphen": {"text": "client-side", "want": truth.yes},
		"two words in one": {"text": "clientside", "want": truth.no},
		"two words on two lines": {"text": "client\nside", "want": truth.yes},
		"no description": {"text": null, "want": truth.no},
		"unknown": {"text": fixture.unknown("var.description"), "want": "unknown"},
		"unknown but for what joins its parts": {"text": {"text": "⟨var.team⟩ - ⟨var.use⟩", "knownParts": [" - "]}, "want": "unknown"},
		"in the known part": {"text": {"text": "JWT of ⟨var.name⟩", "knownParts": ["JWT of "]}, "want": truth.yes},
		"in the unknown part alone": {"text": {"text": "Key of ⟨JWT⟩", "knownParts": ["Key of "]}, "want": truth.no},
	}
	fixture.verdict(purpose.mentions(tc.text, ["jwt", "client side"])) == tc.want
}

test_tagged[note] if {
	some note, tc in {
		"the tag": {"tags": {"key-use": "import"}, "want": truth.yes},
		"without case": {"tags": {"Key-Use": "import"}, "want": truth.yes},
		"without a value": {"tags": {"key-use": ""}, "want": truth.no},
		"with an unknown value": {"tags": {"key-use": fixture.unknown("var.use")}, "want": truth.yes},
		"another": {"tags": {"team": "a"}, "want": truth.no},
		"none": {"tags": {}, "want": truth.no},
		"unknown tags": {"tags": fixture.unknown("var.tags"), "want": "unknown"},
	}
	fixture.verdict(purpose.is_tagged(tc.tags, ["key-use"])) == tc.want
}
