# METADATA
# title: Grant gives another account more than read access
# description: "Grants are separate from the key policy, so a review of the policy does not show them. Access beyond decryption for another account is likely to go unnoticed."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
# custom:
#   level: warning
#   presets:
#     cheat-sheet: warning
#   category: grants
#   formats: [plan, kubernetes]
#   remediation: |
#     Limit the grant to Decrypt and DescribeKey, and encrypt in the key's own account on behalf of the other
#     account.
#   snippets:
#     terraform: |
#       operations = ["Decrypt", "DescribeKey"]
#     kubernetes: |
#       spec:
#         operations: [Decrypt, DescribeKey]
package kms.rules.grant_cross_account

import data.kms.lib.grants
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a grant gives a principal in another account any operation other than Decrypt and DescribeKey. The
#   verdict is unknown when the grantee's account, the key's owner or the operations are unknown.
# custom:
#   exceptions:
#   - Grants to AWS services and to principals in the key's own account.
#   when_not: Turn this rule off if partners write with the key by design.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_verdict(grant) == truth.yes
	more := result.short_list(grants.operations(grant) - _allowed)
	message := $"The grant allows the external principal {grant.grantee.text} to use {more}; a reader only needs Decrypt and DescribeKey."
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	verdict := _verdict(grant)
	truth.is_unknown(verdict)
	question := $"the grant allows a principal in another account, {grant.grantee.text}, more than Decrypt and DescribeKey"
	message := result.cannot_tell(question, verdict)
}

_verdict(grant) := truth.every_of({
	grants.is_external(grant, grant.grantee),
	grants.gives_more_than(grant, _allowed),
})

_allowed := {"Decrypt", "DescribeKey"}
