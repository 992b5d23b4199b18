package kms.lib.settings_test

import data.kms.lib.settings

_about := {"custom": {"settings": {
	"maximum": {"type": "integer", "default": 365},
	"tags": {"type": "array", "default": []},
}}}

test_defaults_if_nothing_is_configured if {
	settings.of("rotation_period", _about) == {"maximum": 365, "tags": []}
}

test_configured_settings_replace_the_defaults if {
	given := {"rotation_period": {"maximum": 90}, "full_access": {"administrators": []}}
	of := settings.of("rotation_period", _about) with data.keywarden.settings as given
	of == {"maximum": 90, "tags": []}
}
