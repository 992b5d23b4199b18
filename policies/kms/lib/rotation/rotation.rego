# METADATA
# title: Automatic key rotation
# description: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"
package kms.lib.rotation

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: Returns the truth of AWS KMS being able to rotate a key with these properties automatically.
possible(properties) := truth.every_of({
	value.is(properties.spec, "SYMMETRIC_DEFAULT"),
	value.is(object.get(properties, "usage", "ENCRYPT_DECRYPT"), "ENCRYPT_DECRYPT"),
	value.is(properties.origin, "AWS_KMS"),
	value.is(properties.customKeyStore, false),
})

# METADATA
# description: Returns the reason why a key cannot rotate, as a clause.
obstacle(key) := "it is a replica, which rotates with its primary" if {
	key.kind == "replica"
} else := $"its spec is {key.properties.spec}" if {
	value.is(key.properties.spec, "SYMMETRIC_DEFAULT") == truth.no
} else := "it is in a custom key store" if {
	value.is(key.properties.customKeyStore, false) == truth.no
} else := $"its origin is {key.properties.origin}" if {
	value.is(key.properties.origin, "AWS_KMS") == truth.no
} else := $"its usage is {key.properties.usage}"
