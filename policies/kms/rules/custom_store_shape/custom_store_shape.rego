# METADATA
# title: Key type not supported by a custom key store
# description: "Custom key stores hold only single-Region symmetric encryption keys. AWS KMS refuses to create any other key there."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-store-overview.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, kubernetes]
#   remediation: Use a single-Region symmetric encryption key in the custom key store, or create the key outside it.
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
#   Fails when a key in a custom key store has a spec other than SYMMETRIC_DEFAULT or is a multi-Region key. Also
#   fails when a key has an external key ID but no key store. The verdict is unknown when one of these properties is
#   unknown and the others do not decide it.
# custom:
#   exceptions:
#   - Keys outside custom key stores.
#   when_not: Never. The deployment fails.
fail contains result.at_field(key, field, message) if {
	some key in input.keys
	some [field, truths, message] in _problems(key)
	truth.every_of(truths) == truth.yes
}

unknown contains result.at_field(key, field, message) if {
	some key in input.keys
	some [field, truths, _] in _problems(key)
	message := result.cannot_tell("the key properties are valid for a custom key store", truth.every_of(truths))
}

_problems(key) := [
	[
		"spec",
		{value.is(key.properties.customKeyStore, true), truth.negate(value.is(key.properties.spec, "SYMMETRIC_DEFAULT"))},
		$"The key is in a custom key store, but its key spec is {key.properties.spec}; a custom key store requires SYMMETRIC_DEFAULT.",
	],
	[
		"multiRegion",
		{value.is(key.properties.customKeyStore, true), value.is(object.get(key.properties, "multiRegion", false), true)},
		"The key is a multi-Region key in a custom key store; custom key stores support only single-Region keys.",
	],
	[
		"origin",
		{value.is(object.get(key.properties, "xksKey", false), true), value.is(key.properties.customKeyStore, false)},
		"The key has an external key ID (xks_key_id) but no custom key store; an external key requires an external key store.",
	],
]
