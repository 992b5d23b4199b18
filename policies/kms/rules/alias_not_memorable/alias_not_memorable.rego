# METADATA
# title: An alias that says nothing
# description: "An alias is how people find a key; one without a word of meaning is no better than the key's id."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   settings:
#     pattern:
#       type: [string, "null"]
#       format: regex
#       default: null
#       description: A regular expression (RE2) that every alias name, with its prefix alias/, has to match
#   remediation: |
#     Name what the key protects.
#   snippets:
#     cloudformation: |
#       AliasName: alias/customer-orders
#     terraform: |
#       name = "alias/customer-orders"
#     kubernetes: |
#       spec:
#         name: alias/customer-orders
package kms.rules.alias_not_memorable

import data.kms.lib.alias_name
import data.kms.lib.result
import data.kms.lib.settings

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   An alias name without a word of at least three letters once hashes, UUIDs and the words key, kms, cmk,
#   alias, my, the, test, temp, tmp, sample, example, demo, foo, bar, baz, new and default are left out; or one
#   that does not match the configured pattern.
# custom:
#   exceptions:
#   - A name of which a part is not known.
#   - The end that Terraform adds to name_prefix, and the CDK to its names.
#   when_not: The names follow a scheme of numbers that people look up.
fail contains result.at_field(alias, "name", message) if {
	some alias in input.aliases
	_is_known(alias.name)
	not alias_name.memorable(alias.name)
	message := $"The alias {alias.name} says nothing about what the key is for."
}

fail contains result.at_field(alias, "name", message) if {
	some alias in input.aliases
	_is_known(alias.name)
	alias_name.memorable(alias.name)
	not alias.prefix
	pattern := _settings.pattern
	pattern != null
	not regex.match(pattern, alias.name)
	message := $"The alias {alias.name} does not match the configured pattern {pattern}."
}

_is_known(name) if {
	is_string(name)
	count(alias_name.placeholders(name)) == 0
}

# A name with an unknown part may be memorable, which is not a finding. The suffix that a provider adds to a prefix is
# such a part for a pattern. It contains no words.
unknown := set()

_settings := settings.of("alias_not_memorable", about)
