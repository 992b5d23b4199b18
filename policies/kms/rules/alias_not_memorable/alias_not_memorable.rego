# METADATA
# title: Alias name is not descriptive
# description: "People find a key by its alias. A name without a meaningful word helps them no more than the key ID."
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
#       description: Regular expression (RE2) that every alias name, including the prefix alias/, must match
#   remediation: Name the alias after what the key protects.
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
#   Fails when the alias name has no descriptive word of at least three letters. Hashes, UUIDs and these words do
#   not count: key, kms, cmk, alias, my, the, test, temp, tmp, sample, example, demo, foo, bar, baz, new and
#   default. Also fails when the name does not match the configured pattern.
# custom:
#   exceptions:
#   - Names with an unknown part.
#   - The suffix that Terraform appends to `name_prefix` and the suffix that the AWS CDK appends to generated names.
#   when_not: Turn this rule off if your alias names follow a numbering scheme that people look up.
fail contains result.at_field(alias, "name", message) if {
	some alias in input.aliases
	_is_known(alias.name)
	not alias_name.memorable(alias.name)
	message := $"The alias name {alias.name} does not describe the purpose of the key: it has no specific word of at least three letters."
}

fail contains result.at_field(alias, "name", message) if {
	some alias in input.aliases
	_is_known(alias.name)
	alias_name.memorable(alias.name)
	not alias.prefix
	pattern := _settings.pattern
	pattern != null
	not regex.match(pattern, alias.name)
	message := $"The alias name {alias.name} does not match the configured pattern {pattern}."
}

_is_known(name) if {
	is_string(name)
	count(alias_name.placeholders(name)) == 0
}

# A name with an unknown part may be memorable, which is not a finding. The suffix that a provider adds to a prefix is
# such a part for a pattern. It contains no words.
unknown := set()

_settings := settings.of("alias_not_memorable", about)
