# METADATA
# title: A key that a custom key store cannot hold
# description: "KMS refuses to make the key: custom key stores hold symmetric encryption keys of one Region only."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, kubernetes]
#   remediation: Take a symmetric, single-Region key in a custom key store, or keep the key outside of it.
#   snippets:
#     terraform: |
#       resource "aws_kms_key" "orders" {
#         custom_key_store_id      = aws_kms_custom_key_store.hsm.id
#         customer_master_key_spec = "SYMMETRIC_DEFAULT"
#         multi_region             = false
#       }
#     kubernetes: |
#       spec:
#         customKeyStoreID: cks-1234567890abcdef0
#         keySpec: SYMMETRIC_DEFAULT
#         multiRegion: false
package kms.rules.custom_store_shape

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key in a custom key store whose spec is not SYMMETRIC_DEFAULT or that is multi-Region, or one with the id of an
#   external key and no key store. It is unknown where one of these is not known and the others leave it open.
# custom:
#   exceptions:
#   - Keys outside custom key stores.
#   when_not: Never; the deployment fails.
fail contains result.at_field(key, field, message) if {
	some key in input.keys
	some [field, truths, message] in _problems(key)
	truth.every_of(truths) == truth.yes
}

unknown contains result.at_field(key, field, message) if {
	some key in input.keys
	some [field, truths, _] in _problems(key)
	message := result.cannot_tell("the properties of the key fit a custom key store", truth.every_of(truths))
}

_problems(key) := [
	[
		"spec",
		{value.is(key.properties.customKeyStore, true), truth.negate(value.is(key.properties.spec, "SYMMETRIC_DEFAULT"))},
		"The key stands in a custom key store, and its spec is not SYMMETRIC_DEFAULT.",
	],
	[
		"multiRegion",
		{value.is(key.properties.customKeyStore, true), value.is(object.get(key.properties, "multiRegion", false), true)},
		"The key stands in a custom key store and is multi-Region, which KMS does not allow.",
	],
	[
		"origin",
		{value.is(object.get(key.properties, "xksKey", false), true), value.is(key.properties.customKeyStore, false)},
		"The key names an external key (xks_key_id) and no custom key store.",
	],
]
