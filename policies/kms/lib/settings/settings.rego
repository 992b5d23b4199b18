# METADATA
# title: Rule settings
# description: "Rule settings from the config, `data.keywarden.settings`, over the defaults in the METADATA of a rule."
package kms.lib.settings

default _configured := {}

_configured := data.keywarden.settings

# METADATA
# description: "Returns the settings of a rule, or of a library that several rules share, by the names in `custom.settings` of its METADATA, `about`."
of(name, about) := object.union(
	{setting: schema["default"] | some setting, schema in about.custom.settings},
	object.get(_configured, name, {}),
)
