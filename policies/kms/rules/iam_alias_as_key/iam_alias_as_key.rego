# METADATA
# title: Alias or bare key ID as the Resource of a key action
# description: "IAM compares Resource with the ARN of the key, whichever name the caller uses. A statement with an alias or a bare key ID matches no key, so it neither allows nor denies anything."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
# custom:
#   level: error
#   category: around
#   formats: [cloudformation, plan]
#   remediation: |
#     Use the ARN of the key. To control access by alias, allow the action on every key with a condition on
#     `kms:ResourceAliases`.
#   snippets:
#     cloudformation: |
#       - Effect: Allow
#         Action: kms:Decrypt
#         Resource: !Sub arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*
#         Condition:
#           ForAnyValue:StringEquals:
#             kms:ResourceAliases: alias/orders
#     terraform: |
#       statement {
#         actions   = ["kms:Decrypt"]
#         resources = [aws_kms_key.orders.arn]
#       }
package kms.rules.iam_alias_as_key

import data.kms.facts
import data.kms.lib.identity
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an IAM policy allows or denies an action on keys, and its Resource is an alias ARN, an alias name or
#   a bare key ID.
# custom:
#   exceptions:
#   - Alias ARNs for CreateAlias, UpdateAlias and DeleteAlias, next to the ARN of the key.
#   - NotResource.
#   when_not: Never. The statement matches no key.
fail contains result.at_statement(holder, statement, target.location, message) if {
	some [holder, statement, target] in _candidates
	_is_misused(statement, target) == truth.yes
	name := identity.subject(holder, statement)
	message := $"{name} has the Resource {target.text}, which is {_kinds[target.kind]}; actions on keys match only key ARNs."
}

unknown contains result.at_statement(holder, statement, target.location, message) if {
	some [holder, statement, target] in _candidates
	identity.is_resolved(holder)
	verdict := _is_misused(statement, target)
	truth.is_unknown(verdict)
	question := $"{identity.statement(holder, statement)} has {_kinds[target.kind]}, {target.text}, as the Resource of actions on keys"
	message := result.cannot_tell(question, verdict)
}

_kinds := {"alias": "an alias ARN", "alias-name": "an alias name", "key-id": "a key ID"}

_candidates := [[holder, statement, target] |
	some [holder, statement] in identity.statements
	not statement.notResource
	some target in statement.targets
	_kinds[target.kind]
]

_is_misused(statement, target) := truth.every_of({_covers_any(statement, _key_actions), _has_no_effect(statement, target)})

# The ARN of an alias is useful if the statement also covers actions on aliases and names their keys.
_has_no_effect(statement, target) := truth.negate(truth.every_of({
	_covers_any(statement, _alias_actions),
	policy.matches_key(statement),
})) if {
	target.kind == "alias"
} else := truth.yes

_covers_any(statement, actions) := truth.any_of({policy.covers(statement, action) | some action in actions})

_alias_actions := {"CreateAlias", "UpdateAlias", "DeleteAlias"}

_key_actions := facts.key_policy_actions - _alias_actions
