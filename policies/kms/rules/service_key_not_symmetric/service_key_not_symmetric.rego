# METADATA
# title: Service requires a symmetric encryption key
# description: "AWS services that encrypt data accept only symmetric encryption keys. Either the deployment or the first use of the key fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/service-integration.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
# custom:
#   level: error
#   category: around
#   formats: [cloudformation, plan]
#   remediation: |
#     Use a symmetric encryption key for the service. AWS KMS creates one by default if you set no key spec.
#   snippets:
#     cloudformation: |
#       OrdersKey:
#         Type: AWS::KMS::Key
#         Properties:
#           KeySpec: SYMMETRIC_DEFAULT
#           KeyUsage: ENCRYPT_DECRYPT
#           EnableKeyRotation: true
#     terraform: |
#       resource "aws_kms_key" "orders" {
#         customer_master_key_spec = "SYMMETRIC_DEFAULT"
#         key_usage                = "ENCRYPT_DECRYPT"
#         enable_key_rotation      = true
#       }
package kms.rules.service_key_not_symmetric

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a resource of an integrated service uses a key in the same input whose spec is not SYMMETRIC_DEFAULT.
#   The verdict is unknown when the key's spec is unknown.
# custom:
#   exceptions:
#   - Arguments that accept asymmetric keys, such as that of Route 53 for DNSSEC.
#   - Keys outside the input.
#   when_not: Never. The service cannot use the key.
fail contains result.at(consumer, use.location, message) if {
	some [consumer, use, keys] in _uses
	every key in keys {
		_odd(key) == truth.yes
	}
	message := $"The argument {use.argument} is {keys[0].resource}, a key of spec {_spec(keys[0])}: services encrypt with SYMMETRIC_DEFAULT alone."
}

unknown contains result.at(consumer, use.location, message) if {
	some [consumer, use, keys] in _uses
	verdicts := {_odd(key) | some key in keys}
	max(verdicts) != truth.no
	min(verdicts) != truth.yes
	message := $"The argument {use.argument} may be a key that is not symmetric, {keys[0].resource}: its spec is not known."
}

_uses := [[consumer, use, keys] |
	some consumer in input.consumers
	some use in consumer.uses
	not use.asymmetric
	keys := [key | some key in input.keys; key.id in use.key.keys]
	count(keys) > 0
]

_odd(key) := truth.negate(value.is(_spec(key), "SYMMETRIC_DEFAULT"))

# A replica has the spec of its primary.
_spec(key) := key.properties.spec

_spec(key) := primaries[0].properties.spec if {
	key.kind == "replica"
	primaries := [primary | some primary in input.keys; primary.id in key.primary.keys; primary.properties.spec]
	count(primaries) > 0
} else := "SYMMETRIC_DEFAULT" if {
	not key.properties.spec
}
