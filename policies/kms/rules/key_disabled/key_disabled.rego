# METADATA
# title: Key is disabled
# description: "A disabled key cannot encrypt or decrypt, and AWS still charges for it. An application that uses the key fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Enable the key, or remove it until an application needs it. First check that the key was not disabled on
#     purpose.
#   snippets:
#     cloudformation: |
#       Enabled: true
#     terraform: |
#       is_enabled = true
#     kubernetes: |
#       spec:
#         forProvider:   # ACK cannot create a disabled key
#           isEnabled: true
package kms.rules.key_disabled

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a key or replica key is disabled. The verdict is unknown when this property or the origin of the key
#   material is unknown.
# custom:
#   exceptions:
#   - Keys of origin EXTERNAL and their replicas, because they cannot be enabled before their key material is imported.
#   when_not: Turn this rule off if you keep keys disabled on purpose, such as those of a retired application.
fail contains result.at_field(key, "enabled", "The key is disabled, so AWS KMS rejects cryptographic operations that use it.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}

unknown contains result.at_field(key, "enabled", message) if {
	some key in input.keys
	message := result.cannot_tell("the key is disabled", _verdict(key))
}

_verdict(key) := truth.every_of({
	value.is(key.properties.enabled, false),
	truth.negate(_is_imported(key)),
})

# A replica has the origin of its primary. Its type shows whether its material has to be imported.
_is_imported(key) := truth.yes if {
	regex.match(`_external_|/ReplicaExternalKey$`, key.type)
} else := value.is(object.get(key.properties, "origin", "AWS_KMS"), "EXTERNAL")
