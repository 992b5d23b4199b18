# METADATA
# title: A grant that gives another account more than reading
# description: "A grant works beside the key policy, where nobody looks for it: what another account can do by it beyond decrypting tends to stay unseen."
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
#     Leave the other account Decrypt and DescribeKey, and encrypt on its behalf in the key's own account.
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
#   A grant that gives a principal of another account than the key's any operation but Decrypt and DescribeKey. It is
#   unknown where the grantee's account, the key's owner or the operations are not known.
# custom:
#   exceptions:
#   - Grants to AWS services and to principals of the key's own account.
#   when_not: Partners write with the key by design.
fail contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	_verdict(grant) == truth.yes
	more := result.short_list(grants.operations(grant) - _allowed)
	message := $"The grant gives {grant.grantee.text}, of another account, more than Decrypt and DescribeKey: {more}."
}

unknown contains result.at_field(grant, "operations", message) if {
	some grant in input.grants
	verdict := _verdict(grant)
	truth.is_unknown(verdict)
	question := $"the grant gives a principal in another account, {grant.grantee.text}, more than Decrypt and DescribeKey"
	message := result.cannot_tell(question, verdict)
}

_verdict(grant) := truth.every_of({
	grants.is_external(grant, grant.grantee),
	grants.gives_more_than(grant, _allowed),
})

_allowed := {"Decrypt", "DescribeKey"}
