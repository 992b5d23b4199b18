# METADATA
# title: A principal that cannot exist
# description: "KMS refuses a policy with a principal that does not exist, or the principal that was meant is left out."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   level: error
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Invalid ARN account, Invalid partition, Invalid principal format, Unsupported wildcard in principal]
#   remediation: |
#     Name accounts, users, roles, their sessions and services, of the partition that the key is in.
#   snippets:
#     policy: |
#       "Principal": {
#         "AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app"],
#         "Service": "logs.eu-west-1.amazonaws.com"
#       }
#     cloudformation: |
#       Principal:
#         AWS:
#           - !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
#           - !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:role/app
#         Service: !Sub logs.${AWS::Region}.amazonaws.com
#     terraform: |
#       Principal = {
#         AWS     = ["arn:aws:iam::111122223333:root", aws_iam_role.app.arn]
#         Service = "logs.eu-west-1.amazonaws.com"
#       }
package kms.rules.invalid_principal

import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A principal that no AWS account can have: an account id that is not twelve digits, a group, a wildcard
#   inside an ARN, a partition that does not fit the Region of the key, a type other than AWS, Service and
#   Federated, an IAM ARN that is not root, user, role, assumed-role or federated-user. It is unknown where
#   nothing at all is known of a principal.
# custom:
#   exceptions:
#   - Parts of a principal that are not known.
#   - The partition, where the Region of the key is not known.
#   when_not: AWS has a new form of principal that Keywarden does not know yet.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	is_string(principal.invalidReason)
	message := $"{result.subject(statement)} names {principal.text}, which is not a valid principal: {principal.invalidReason}."
}

fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	not principal.invalidReason
	value.is(key.partition, principal.partition) == truth.no
	is_string(principal.partition)
	message := $"{result.subject(statement)} names {principal.text} in the partition {principal.partition}, but the key is in the partition {key.partition}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	policy.is_resolved(key)
	principal.kind == "unknown"
	question := $"{result.statement(statement)} names a valid principal"
	message := result.cannot_tell(question, truth.unknown(causes.principal(principal)))
}

_principals := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in statement.principals
]
