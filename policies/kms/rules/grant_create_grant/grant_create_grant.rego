# METADATA
# title: Grant allows CreateGrant without constraints
# description: "A grantee with CreateGrant can pass the grant's operations on to any principal. If the grant has a constraint, every grant created from it keeps that constraint."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
# - https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
# custom:
#   level: warning
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: Remove CreateGrant from the operations, or constrain the grant to an encryption context.
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
#   Fails when a grant allows CreateGrant and no encryption context constrains it. The verdict is unknown when the
#   operations or the constraints are unknown.
# custom:
#   exceptions:
#   - Service-linked roles (`role/aws-service-role/…`), for which AWS documents such grants.
#   - Constraints whose values alone are unknown.
#   - Service-linked roles, such as that of Amazon EC2 Auto Scaling, because AWS documents CreateGrant for them.
#   when_not: |
#     Turn this rule off if most of your grants are for roles that attach encrypted volumes, because their grants
#     include CreateGrant.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_verdict(grant) == truth.yes
	message := $"The grant allows {grant.grantee.text} to use CreateGrant, but no encryption context constraint limits the grants that this principal creates."
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	verdict := _verdict(grant)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the grant allows {grant.grantee.text} to use CreateGrant without an encryption context constraint", verdict)
}

_verdict(grant) := truth.no if {
	# AWS documents grants with CreateGrant for service-linked roles.
	regex.match(`:role/aws-service-role/.`, grant.grantee.text)
} else := truth.every_of({
	grants.gives_any_of(grant, {"CreateGrant"}),
	truth.negate(grants.has_context_constraint(grant)),
	truth.negate(grants.is_service_linked_role(grant.grantee)),
})
