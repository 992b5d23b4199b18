# METADATA
# title: Settings of the rules
# description: "What configuration gives as `data.keywarden.settings`, over the defaults."
package kms.lib.settings

default _given := {}

_given := data.keywarden.settings

# METADATA
# description: "Settings by rule: an object of the rule's own words."
of(rule, defaults) := object.union(defaults, object.get(_given, rule, {}))
