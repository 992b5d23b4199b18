# METADATA
# title: Unrestricted kms:CreateGrant
# description: "A principal with unrestricted CreateGrant can let any principal in any account use the key. The key policy does not change, so the access is easy to overlook."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS Control Tower: [CT.KMS.PR.3]
#   remediation: |
#     Restrict CreateGrant to the AWS services that act for the caller, or to the intended operations and
#     grantees.
#   snippets:
#     policy: |
#       "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}
#     cloudformation: |
#       Condition:
#         Bool:
#           kms:GrantIsForAWSResource: "true"
#     terraform: |
#       Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
package kms.rules.create_grant_unrestricted

import data.kms.lib.access
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow gives unrestricted `kms:CreateGrant` to a principal other than the account root principal.
#   `kms:*` and `kms:Create*` include CreateGrant. A condition or a Deny restricts it if it requires
#   `kms:GrantIsForAWSResource` (true), `kms:ViaService`, `kms:GrantOperations`, `kms:GranteePrincipal` or
#   `kms:GrantConstraintType`.
# custom:
#   exceptions:
#   - The account root principal.
#   - Principals in other accounts, which `cross_account_delegation` checks.
#   - AWS services.
#   when_not: Turn this rule off if you trust the account's administrators to share the key.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	verdict == truth.yes
	message := $"{result.subject(statement)} allows {result.principal(principal)} kms:CreateGrant without a condition that restricts grants, such as kms:GrantIsForAWSResource.{scope.ineffective(statement, _restricting_keys, "does not restrict grants")}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal, verdict] in _verdicts
	policy.is_resolved(key)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"{result.statement(statement)} allows {result.principal(principal)} to create unrestricted grants", verdict)
}

_verdicts := [[key, statement, principal, verdict] |
	some [key, statement, index, principal] in policy.principals
	principal.kind in {"user", "role", "assumed-role", "federated-user", "iam", "unknown", "federated", "everyone"}
	verdict := truth.every_of({
		access.truth_of(statement, index, "anyGrant", "CreateGrant"),
		_is_in_account(statement, index, principal),
		policy.is_not_root(principal),
	})
]

# Everyone under a condition on accounts means their principals. `public_access` covers everyone without a condition.
_is_in_account(statement, index, principal) := truth.every_of({
	access.truth_of(statement, index, "owner", "CreateGrant"),
	truth.negate(access.truth_of(statement, index, "public", "CreateGrant")),
	truth.negate(access.truth_of(statement, index, "beyondOwner", "CreateGrant")),
}) if {
	principal.kind == "everyone"
} else := truth.negate(access.truth_of(statement, index, "beyondOwner", "CreateGrant"))

_restricting_keys := {
	"kms:grantisforawsresource", "kms:viaservice", "kms:grantconstrainttype",
	"kms:grantoperations", "kms:granteeprincipal",
}
