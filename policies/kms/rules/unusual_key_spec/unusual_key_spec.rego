# METADATA
# title: An unusual kind of key
# description: "AWS services encrypt with symmetric keys only; an asymmetric encryption key costs more, is slower and does not rotate, so its use should be stated."
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
#       description: Tags that state the use; names compare without case
#   remediation: |
#     Take the default, SYMMETRIC_DEFAULT, or say what the asymmetric key is for, in its description or in the
#     tag key-use.
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
#   A key that is not symmetric and is meant for encryption, which a symmetric key serves, while neither a tag
#   nor a description that mentions a public key, outside AWS, client-side, offline, import, TLS, JWT, JWE,
#   token, certificate or PGP says why. It is unknown where the tags or the description are not known.
# custom:
#   exceptions:
#   - 'Usages that a symmetric key cannot serve (SIGN_VERIFY, GENERATE_VERIFY_MAC, KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE): they state the use.'
#   when_not: Asymmetric encryption is the rule, as for a service that hands out public keys.
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
