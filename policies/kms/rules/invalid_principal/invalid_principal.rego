# METADATA
# title: A principal that cannot exist
# description: "KMS refuses a policy with a principal that does not exist, or the principal that was meant is left out."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
# custom:
#   level: error
#   formats: [policy, cloudformation, plan]
#   remediation: |
#     Principals are accounts, users, roles, their sessions and services:
#     "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/app"], "Service": "logs.eu-west-1.amazonaws.com"}
package kms.rules.invalid_principal

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	is_string(principal.invalid)
	message := $"{result.name(statement)} names {principal.text}, which is no principal: {principal.invalid}."
}

fail contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	not principal.invalid
	value.is(key.partition, principal.partition) == truth.no
	is_string(principal.partition)
	message := $"{result.name(statement)} names {principal.text} of the partition {principal.partition}, and the key's Region is in {key.partition}."
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _principals
	policy.certain(key)
	principal.kind == "unknown"
	message := $"{result.name(statement)} names {principal.text}, of which nothing is known."
}

_principals := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in statement.principals
]
