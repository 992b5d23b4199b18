# METADATA
# title: Allow with NotPrincipal
# description: "An Allow with NotPrincipal grants access to everyone except the principals that it lists, including principals in other accounts."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Allow with NotPrincipal]
#   remediation: List the principals that need the key with Principal, and use NotPrincipal only in a Deny.
#   snippets:
#     policy: |
#       "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}
#     cloudformation: |
#       Principal:
#         AWS: !GetAtt AppRole.Arn
#     terraform: |
#       Principal = { AWS = aws_iam_role.app.arn }
package kms.rules.not_principal_allow

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: Fails when a statement with the effect Allow has NotPrincipal.
# custom:
#   exceptions:
#   - Deny statements with NotPrincipal.
#   when_not: Never. List the intended principals instead.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some key in policy.readable
	some statement in key.policy.statements
	_verdict(statement) == truth.yes
	message := $"{result.subject(statement)} combines Allow with NotPrincipal, so it allows every principal except {result.short_list({principal.text | some principal in statement.principals})}."
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some key in policy.readable
	policy.is_resolved(key)
	some statement in key.policy.statements
	verdict := _verdict(statement)
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)}, which uses NotPrincipal, allows actions on this key"
	message := result.cannot_tell(question, verdict)
}

_verdict(statement) := truth.every_of({
	truth.from(statement.notPrincipal),
	policy.has_effect(statement, "Allow"),
})
