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

import data.kms.lib.causes
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
	some [consumer, use, asymmetric] in _uses
	asymmetric == {truth.yes}
	key := _keys(use)[0]
	message := $"The argument {use.argument} requires a SYMMETRIC_DEFAULT key, but the key spec of {key.resource} is {_spec(key)}."
}

unknown contains result.at(consumer, use.location, message) if {
	some [consumer, use, asymmetric] in _uses
	verdict := _is_any_asymmetric(use, asymmetric)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{_keys(use)[0].resource}, the key in {use.argument}, is a symmetric encryption key", verdict)
}

# If the argument may be one of several keys, all of them decide.
_is_any_asymmetric(use, asymmetric) := truth.unknown(truth.causes(asymmetric) | _ambiguity(use, asymmetric)) if {
	asymmetric != {truth.yes}
	asymmetric != {truth.no}
}

_ambiguity(use, asymmetric) := causes.reference(use.key) if {
	asymmetric[truth.yes]
	asymmetric[truth.no]
} else := set()

# The truths of the keys that an argument may be.
_uses := [[consumer, use, asymmetric] |
	some consumer in input.consumers
	some use in consumer.uses
	not use.asymmetric
	not use.through
	asymmetric := {is_asymmetric | some id in use.key.keys; some is_asymmetric in _is_asymmetric[id]}
	count(asymmetric) > 0
]

_is_asymmetric[key.id] contains truth.negate(value.is(_spec(key), "SYMMETRIC_DEFAULT")) if some key in input.keys

_keys(use) := [key | some key in input.keys; key.id in use.key.keys]

# A replica has the spec of its primary.
_spec(key) := key.properties.spec

_spec(key) := primaries[0].properties.spec if {
	key.kind == "replica"
	primaries := [primary | some primary in input.keys; primary.id in key.primary.keys; primary.properties.spec]
	count(primaries) > 0
} else := "SYMMETRIC_DEFAULT" if {
	not key.properties.spec
}
