# METADATA
# title: A grant to make grants, without constraints
# description: "Who holds CreateGrant can pass the grant's operations on to anybody; a constraint is passed on with them."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
# custom:
#   level: warning
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: |
#     Leave CreateGrant out, or constrain the grant to an encryption context.
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
package kms.rules.grant_create_grant

import data.kms.lib.grants
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A grant with CreateGrant among its operations and no encryption context that constrains it. It is unknown where
#   the operations or the constraints are not known.
# custom:
#   exceptions:
#   - A constraint of which only the values are not known.
#   when_not: Services that attach encrypted volumes, such as EC2 Auto Scaling, get such grants throughout.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_verdict(grant) == truth.yes
	message := $"The grant lets {grant.grantee.text} pass its operations on by CreateGrant, and no encryption context constrains it."
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	verdict := _verdict(grant)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the grant lets {grant.grantee.text} pass on its operations without a constraint", verdict)
}

_verdict(grant) := truth.every_of({
	grants.gives_any_of(grant, {"CreateGrant"}),
	truth.negate(grants.has_context_constraint(grant)),
})
