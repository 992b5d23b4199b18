# METADATA
# title: Condition never matches
# description: "An Allow whose condition never matches grants nothing, and a Deny whose condition never matches denies nothing. The statement looks effective but is not."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     Move actions that do not carry the condition key into a separate statement. Replace `*` under StringEquals
#     with the intended value, or use StringLike. Before you remove a condition, check which principals gain
#     access.
#   snippets:
#     policy: |
#       {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:DescribeKey", "Resource": "*"},
#       {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, "Action": "kms:Decrypt", "Resource": "*",
#        "Condition": {"StringEquals": {"kms:EncryptionContext:Department": "orders"}}}
#     cloudformation: |
#       - Effect: Allow
#         Principal: {AWS: !GetAtt AppRole.Arn}
#         Action: kms:DescribeKey
#         Resource: "*"
#     terraform: |
#       { Effect = "Allow", Principal = { AWS = aws_iam_role.app.arn }, Action = "kms:DescribeKey", Resource = "*" }
package kms.rules.condition_never_matches

import data.kms.facts
import data.kms.lib.actions
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a condition requires a `kms:` key that requests for an action, named in full, never carry. Also fails
#   when a condition on an account, a principal, an organization, an endpoint, an alias or a service compares with a
#   literal `*`. An alias condition that contains an ARN, `kms:ViaService` for a service principal, and a condition
#   without values fail too.
# custom:
#   exceptions:
#   - Actions that only a wildcard matches, if at least one action of the statement carries the key.
#   - Conditions that match when the key is missing (negated operators, IfExists, ForAllValues, Null of true).
#   - Actions for which AWS has not published the condition keys.
#   when_not: Never. The condition does not have the effect that it states.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	some message in _problems(statement, condition)
}

# A condition without values always holds under a negated operator, which is not intended either.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some key in policy.readable
	some statement in key.policy.statements
	some condition in statement.conditions
	condition.key in {"kms:requestalias", "kms:resourcealiases"}
	some value in condition.values
	startswith(value.text, "arn:")
	message := $"{result.subject(statement)} compares {condition.name} with {value.text}; the values of this condition key are alias names (alias/…), not ARNs."
}

unknown := set()

_problems(statement, condition) := (({message |
	not _empty(condition)
	named := _never_carry(statement, condition)
	count(named) > 0
	message := $"{result.subject(statement)} requires {condition.name} for {result.short_list(named)}, but these requests never include this condition key."
} | {message |
	identifier := _without_wildcards[condition.key]
	condition.operator in {"StringEquals", "StringEqualsIgnoreCase"}
	values := {value.text | some value in condition.values; not value.unknown; contains(value.text, "*")}
	count(values) > 0
	message := $"{result.subject(statement)} compares {condition.name} with {result.short_list(values)} under {condition.operator}, which treats * as a literal character that no {identifier} contains."
}) | {message |
	condition.key == "kms:viaservice"
	count(statement.principals) > 0
	not statement.notPrincipal
	every principal in statement.principals {
		principal.kind == "service"
	}
	message := $"{result.subject(statement)} requires kms:ViaService for a service principal, which calls AWS KMS directly: its requests never include this condition key."
}) | {message |
	_empty(condition)
	message := $"{result.subject(statement)} has a {condition.operator} condition on {condition.name} without values, which never matches a request."
}

# Condition keys whose values never contain `*`, and the kind of these values.
_without_wildcards := {
	"kms:calleraccount": "account ID",
	"aws:principalaccount": "account ID",
	"aws:sourceaccount": "account ID",
	"aws:principalarn": "principal ARN",
	"aws:principalorgid": "organization ID",
	"aws:sourceorgid": "organization ID",
	"aws:sourcevpc": "VPC ID",
	"aws:sourcevpce": "VPC endpoint ID",
	"kms:requestalias": "alias name",
	"kms:viaservice": "service name",
}

_empty(condition) if count(condition.values) == 0

# Literal actions count if they never carry the condition key. Wildcards count only if no action of the statement carries
# it: AWS's own policy for CloudWatch Logs has kms:Describe* under an encryption context.
_never_carry(statement, condition) := {action.text |
	carriers := _carriers(condition.key)
	some action in statement.actions
	not action.unknown
	matched := actions.matched(action.text)
	count(matched) > 0
	count(matched & carriers) == 0
	_literal_or_all(statement, action, carriers)
}

_literal_or_all(_, action, _) if action.literal

_literal_or_all(statement, action, carriers) if {
	not action.literal
	every other in statement.actions {
		not other.unknown
		count(actions.matched(other.text) & carriers) == 0
	}
}

_carriers(key) := fact.actions | facts.undocumented_actions if {
	startswith(key, "kms:")
	fact := facts.condition_keys[_name(key)]
	not fact.identity_policy_only
}

_name(key) := key if {
	facts.condition_keys[key]
} else := $"{split(key, ":")[0]}:{split(key, ":")[1]}:"

# Conditions that refuse requests without their condition key, in statements about this key.
_conditions := [[key, statement, condition] |
	some key in policy.readable
	some statement in key.policy.statements
	not statement.notAction
	some condition in statement.conditions
	scope.requires_key(_as_string(condition), scope.always_present)
]

# Every positive operator requires its condition key, whatever its type. Null with the value false does so too.
_as_string(condition) := object.union(condition, {"operator": "StringEquals"}) if {
	not _is_not_positive(condition.operator)
	condition.key != ""
}

_as_string(condition) := object.union(condition, {"operator": "StringEquals"}) if {
	condition.operator == "Null"
	count(condition.values) > 0
	every value in condition.values {
		lower(value.text) == "false"
	}
}

_is_not_positive(operator) if {
	some part in ["Not", "Null", "Unknown"]
	contains(operator, part)
}
