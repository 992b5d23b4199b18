# METADATA
# title: An Allow with NotPrincipal
# description: "Allow with NotPrincipal lets in everyone but the ones that it names, people without credentials of yours included."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
# custom:
#   level: error
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Allow with NotPrincipal]
#   remediation: |
#     Name who may use the key, with Principal; keep NotPrincipal for Deny.
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
# description: |
#   A statement with the effect Allow that has NotPrincipal.
# custom:
#   exceptions:
#   - A Deny with NotPrincipal.
#   when_not: 'Never: write out who is meant.'
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
	question := $"{result.statement(statement)}, which uses NotPrincipal, allows actions on this key"
	message := result.cannot_tell(question, _verdict(statement))
}

_verdict(statement) := truth.every_of({
	truth.from(statement.notPrincipal),
	policy.has_effect(statement, "Allow"),
})
