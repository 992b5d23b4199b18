# METADATA
# title: Settings of the rules
# description: "What configuration gives as `data.keywarden.settings`, over the defaults that a rule's METADATA states."
package kms.lib.settings

default _given := {}

_given := data.keywarden.settings

# METADATA
# description: "The settings of a rule, or of a subject that several share: an object by the names in `custom.settings` of its METADATA, `about`."
of(name, about) := object.union(
	{setting: schema["default"] | some setting, schema in about.custom.settings},
	object.get(_given, name, {}),
)
