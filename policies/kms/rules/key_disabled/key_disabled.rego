# METADATA
# title: A key that is created disabled
# description: "Nothing can be encrypted or decrypted under a disabled key; created so, it costs money and serves nobody."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   remediation: Enable the key, or leave it out until it is needed.
#   snippets:
#     cloudformation: |
#       Enabled: true
#     terraform: |
#       is_enabled = true
#     kubernetes: |
#       spec:
#         forProvider:   # ACK makes none that is disabled
#           isEnabled: true
package kms.rules.key_disabled

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A key or replica that is disabled. It is unknown where that, or the origin of a key's material, is not known.
# custom:
#   exceptions:
#   - Keys of origin EXTERNAL and their replicas, which cannot be enabled before their material is imported.
#   when_not: Keys are kept disabled on purpose, such as those of a retired application.
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
	truth.negate(_imports(key)),
})

# A replica has the origin of its primary. Its type shows whether its material has to be imported.
_imports(key) := truth.yes if {
	regex.match(`_external_|/ReplicaExternalKey$`, key.type)
} else := value.is(object.get(key.properties, "origin", "AWS_KMS"), "EXTERNAL")
