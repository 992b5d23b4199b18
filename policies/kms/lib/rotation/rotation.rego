# METADATA
# title: Keys that rotate
# description: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html"
package kms.lib.rotation

import data.kms.lib.truth
import data.kms.lib.value

# METADATA
# description: Whether KMS can rotate a key of these settings by itself.
possible(settings) := truth.every_of({
	value.is(settings.spec, "SYMMETRIC_DEFAULT"),
	value.is(object.get(settings, "usage", "ENCRYPT_DECRYPT"), "ENCRYPT_DECRYPT"),
	value.is(settings.origin, "AWS_KMS"),
	value.is(settings.customKeyStore, false),
})

# METADATA
# description: What keeps a key from rotating.
obstacle(key) := "it is a replica, which rotates with its primary" if {
	key.kind == "replica"
} else := $"its spec is {key.settings.spec}" if {
	value.is(key.settings.spec, "SYMMETRIC_DEFAULT") == truth.no
} else := "it stands in a custom key store" if {
	value.is(key.settings.customKeyStore, false) == truth.no
} else := $"its origin is {key.settings.origin}" if {
	value.is(key.settings.origin, "AWS_KMS") == truth.no
} else := $"its usage is {key.settings.usage}"
