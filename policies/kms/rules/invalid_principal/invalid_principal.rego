# METADATA
# title: Invalid principal
# description: "AWS KMS rejects a key policy that names a principal that cannot exist. If AWS KMS accepts the policy, the intended principal still has no access."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   level: error
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Invalid ARN account, Invalid partition, Invalid principal format, Unsupported wildcard in principal]
#   remediation: Name accounts, users, roles, role sessions or services in the same partition as the key.
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
#   Fails when a principal cannot exist in any AWS account. Examples are an account ID that is not twelve digits, a
#   group, and a wildcard inside an ARN. A partition that does not match the key's Region and a type other than AWS,
#   Service and Federated fail too. Every ARN must have all of its colons and be a root, user, role, role session
#   (with the name of the session) or federated user. The verdict is unknown when the whole principal is unknown.
# custom:
#   exceptions:
#   - Unknown parts of a principal.
#   - The partition, if the key's Region is unknown.
#   when_not: Turn this rule off if AWS introduces a kind of principal that Keywarden does not know yet.
fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, _, principal] in policy.principals
	is_string(principal.invalidReason)
	message := $"{result.subject(statement)} names {principal.text}, which is not a valid principal: {principal.invalidReason}."
}

fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, _, principal] in policy.principals
	not principal.invalidReason
	value.is(key.partition, principal.partition) == truth.no
	is_string(principal.partition)
	message := $"{result.subject(statement)} names {principal.text} in the partition {principal.partition}, but the key is in the partition {key.partition}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, _, principal] in policy.principals
	policy.is_resolved(key)
	principal.kind == "unknown"
	question := $"{result.statement(statement)} names a valid principal"
	message := result.cannot_tell(question, truth.unknown(causes.principal(principal)))
}
