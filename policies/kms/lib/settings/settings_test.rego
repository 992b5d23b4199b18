package kms.lib.settings_test

import data.kms.lib.settings

test_defaults_where_nothing_is_configured if {
	settings.of("rotation_period", {"maximum": 365}) == {"maximum": 365}
}

test_configured_settings_replace_the_defaults if {
	given := {"rotation_period": {"maximum": 90}, "full_access": {"administrators": []}}
	of := settings.of("rotation_period", {"maximum": 365, "minimum": 1}) with data.keywarden.settings as given
	of == {"maximum": 90, "minimum": 1}
}
