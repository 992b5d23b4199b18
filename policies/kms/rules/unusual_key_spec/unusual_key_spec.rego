# METADATA
# title: Asymmetric encryption key without a stated use
# description: "AWS services encrypt data only with symmetric keys. An asymmetric encryption key is slower, does not rotate automatically and usually costs more per request."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   settings:
#     tags:
#       type: array
#       items: {type: string}
#       default: [key-use]
#       description: Tags that state the use; names are case-insensitive
#   remediation: |
#     Use the default spec SYMMETRIC_DEFAULT, or state what the asymmetric key is for in its description or in the
#     tag `key-use`.
#   snippets:
#     cloudformation: |
#       Description: Public key for client-side encryption by partners
#     terraform: |
#       tags = {
#         key-use = "client-side encryption by partners"
#       }
#     kubernetes: |
#       spec:
#         description: Public key for client-side encryption by partners
package kms.rules.unusual_key_spec

import data.kms.lib.purpose
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an asymmetric key has the usage ENCRYPT_DECRYPT, which a symmetric key supports, and nothing states
#   why: no configured tag, and no description that mentions a public key, outside AWS, client-side, offline,
#   import, TLS, JWT, JWE, token, certificate or PGP. The verdict is unknown when the tags or the description are
#   unknown.
# custom:
#   exceptions:
#   - Usages that a symmetric key does not support (SIGN_VERIFY, GENERATE_VERIFY_MAC, KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE), because they state the use.
#   when_not: |
#     Turn this rule off if you regularly need asymmetric encryption, as in a service that hands out public keys.
fail contains result.at_field(key, "spec", message) if {
	some key in input.keys
	_verdict(key) == truth.yes
	message := $"The key encrypts with {key.properties.spec} instead of SYMMETRIC_DEFAULT, but neither its description nor a tag ({concat(" or ", _tags)}) states why."
}

unknown contains result.at_field(key, "spec", message) if {
	some key in input.keys
	message := result.cannot_tell("the key is an asymmetric encryption key without a stated purpose", _verdict(key))
}

_verdict(key) := truth.every_of({
	truth.negate(value.is(key.properties.spec, "SYMMETRIC_DEFAULT")),
	value.is(key.properties.usage, "ENCRYPT_DECRYPT"),
	truth.negate(purpose.is_tagged(key.properties.tags, _tags)),
	truth.negate(purpose.mentions(key.properties.description, _uses)),
}) if {
	key.kind == "key"
	value.is(key.properties.spec, "SYMMETRIC_DEFAULT") != truth.yes
}

_tags := settings.of("unusual_key_spec", about).tags

_uses := [
	"public key", "outside aws", "client side", "offline", "import", "tls", "jwt", "jwe", "token",
	"certificate", "pgp",
]
