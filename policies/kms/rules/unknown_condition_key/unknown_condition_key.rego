# METADATA
# title: Unknown KMS condition key
# description: "A condition on a key that no request carries never matches, or always matches if it is negated. The statement does not have its apparent effect."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [Invalid service condition key]
#   remediation: |
#     Use the exact name of the KMS condition key. `kms:ResourceAliases` and `aws:ResourceTag` work only in IAM
#     policies. In a key policy, use `kms:RequestAlias`, or name the principals.
#   snippets:
#     policy: |
#       "Condition": {"StringEquals": {"kms:CallerAccount": "111122223333"}}
#     cloudformation: |
#       Condition:
#         StringEquals:
#           kms:CallerAccount: !Ref AWS::AccountId
#     terraform: |
#       Condition = { StringEquals = { "kms:CallerAccount" = data.aws_caller_identity.current.account_id } }
package kms.rules.unknown_condition_key

import data.kms.facts
import data.kms.lib.policy
import data.kms.lib.result

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a condition uses a `kms:` key that does not exist, or a key that works only in IAM policies
#   (`kms:ResourceAliases`, `aws:ResourceTag`).
# custom:
#   exceptions:
#   - Other global condition keys (`aws:`), because any of them may be in a request.
#   - '`kms:EncryptionContext:` keys with any name.'
#   when_not: Turn this rule off if a condition key is newer than the data that the report names.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	_is_named_like_kms_key(condition.key)
	not _fact(condition.key)
	message := $"{result.subject(statement)} has a condition on {condition.name}, which is not an AWS KMS condition key as of {input.dataVersion}."
}

fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	_works_only_in_iam_policies(condition.key)
	message := $"{result.subject(statement)} has a condition on {condition.name}, which works only in IAM policies, not in key policies."
}

unknown := set()

_fact(key) := facts.condition_keys[key] if not endswith(key, ":")

# kms:EncryptionContext: is followed by a user-defined name.
_fact(key) := facts.condition_keys[prefix] if {
	prefix := $"{split(key, ":")[0]}:{split(key, ":")[1]}:"
	count(key) > count(prefix)
}

_conditions := [[key, statement, condition] |
	some key in policy.readable
	some statement in key.policy.statements
	some condition in statement.conditions
]

_is_named_like_kms_key(key) if {
	startswith(key, "kms:")
	not contains(key, "⟨")
}

_works_only_in_iam_policies(key) if _fact(key).identity_policy_only

# A key has tags, but AWS KMS evaluates them in IAM policies only.
# https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
_works_only_in_iam_policies(key) if startswith(key, "aws:resourcetag/")
