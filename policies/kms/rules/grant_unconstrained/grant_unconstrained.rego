# METADATA
# title: Grant without an encryption context constraint
# description: "Without a constraint, the grantee can decrypt all data that the key protects. An encryption context limits the grant to the intended data."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html
# custom:
#   level: note
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: |
#     Constrain the grant to the encryption context that the grantee sends, preferably with
#     `encryption_context_equals`.
#   snippets:
#     terraform: |
#       constraints {
#         encryption_context_equals = {
#           Department = "media"
#         }
#       }
#     kubernetes: |
#       spec:
#         constraints:
#           encryptionContextEquals:
#             Department: media
package kms.rules.grant_unconstrained

import data.kms.lib.grants
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a grant on a symmetric encryption key allows Decrypt or an operation that generates data keys, and no
#   encryption context constrains it. The verdict is unknown when it depends on unknown operations, constraints,
#   grantees or key specs.
# custom:
#   exceptions:
#   - Grants to an AWS service or to its service-linked role.
#   - Asymmetric and HMAC keys, which do not support an encryption context.
#   when_not: Turn this rule off if the applications that use the key do not send an encryption context.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_verdict(grant) == truth.yes
	given := result.short_list(grants.operations(grant) & _constrainable)
	message := $"The grant allows {grant.grantee.text} to use {given} with any encryption context, because no encryption context constraint limits it."
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	verdict := _verdict(grant)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the grant allows {grant.grantee.text} to decrypt or generate data keys with any encryption context", verdict)
}

_verdict(grant) := truth.every_of({
	grants.gives_any_of(grant, _constrainable),
	_symmetric(grant),
	truth.negate(grants.has_context_constraint(grant)),
	truth.negate(grants.is_service(grant.grantee)),
}) if {
	not grant.grantee.kind in {"everyone", "invalid"}
}

_symmetric(grant) := truth.no if {
	count(_symmetric_kinds(grant)) == 0
} else := truth.yes if {
	count(_symmetric_kinds(grant)) == count(_kinds(grant))
} else := truth.unknown(grants.unknown_kinds(grant))

_symmetric_kinds(grant) := {kind | some kind in _kinds(grant); grants.symmetric(kind)}

# The operations of a grant imply the kind of an unknown key, unless they fit no kind.
_kinds(grant) := grants.fitting_kinds(grant) if {
	count(grants.fitting_kinds(grant)) > 0
} else := grants.kinds(grant)

# Operations that return plaintext or data keys and that an encryption context can constrain.
_constrainable := {
	"Decrypt",
	"GenerateDataKey",
	"GenerateDataKeyPair",
	"GenerateDataKeyPairWithoutPlaintext",
	"GenerateDataKeyWithoutPlaintext",
}
