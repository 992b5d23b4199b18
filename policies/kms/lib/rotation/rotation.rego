# METADATA
# title: Keys that rotate
# description: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"
package kms.lib.rotation

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: Whether KMS can rotate a key of these settings by itself.
possible(properties) := truth.every_of({
	value.is(properties.spec, "SYMMETRIC_DEFAULT"),
	value.is(object.get(properties, "usage", "ENCRYPT_DECRYPT"), "ENCRYPT_DECRYPT"),
	value.is(properties.origin, "AWS_KMS"),
	value.is(properties.customKeyStore, false),
})

# METADATA
# description: What keeps a key from rotating.
obstacle(key) := "it is a replica, which rotates with its primary" if {
	key.kind == "replica"
} else := $"its spec is {key.properties.spec}" if {
	value.is(key.properties.spec, "SYMMETRIC_DEFAULT") == truth.no
} else := "it stands in a custom key store" if {
	value.is(key.properties.customKeyStore, false) == truth.no
} else := $"its origin is {key.properties.origin}" if {
	value.is(key.properties.origin, "AWS_KMS") == truth.no
} else := $"its usage is {key.properties.usage}"
