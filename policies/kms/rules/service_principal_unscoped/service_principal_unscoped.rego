# METADATA
# title: Service principal without a source condition
# description: "A service principal acts on behalf of every AWS customer. Without a source condition, another customer can make the service use your key (the confused deputy problem)."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
# custom:
#   level: warning
#   category: access
#   formats: [policy, cloudformation, plan, kubernetes]
#   settings:
#     services:
#       type: array
#       items: {type: string}
#       default: [events.amazonaws.com]
#       description: Services that send no source with their requests, so that no condition can restrict them
#   remediation: |
#     Restrict the statement to the account or resource for which the service acts, with `aws:SourceAccount` or
#     the narrower `aws:SourceArn`. First check which accounts and resources use the key through the service.
#   snippets:
#     policy: |
#       "Condition": {
#         "StringEquals": {"aws:SourceAccount": "111122223333"},
#         "ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"}
#       }
#     cloudformation: |
#       Condition:
#         StringEquals:
#           aws:SourceAccount: !Ref AWS::AccountId
#         ArnLike:
#           aws:SourceArn: !Sub arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/audit
#     terraform: |
#       Condition = {
#         StringEquals = { "aws:SourceAccount" = "111122223333" }
#         ArnLike      = { "aws:SourceArn" = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit" }
#       }
package kms.rules.service_principal_unscoped

import data.kms.lib.access
import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.scope
import data.kms.lib.settings
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an Allow for a service principal has no source condition with a positive operator and a restrictive
#   value. A source condition is on `aws:SourceArn`, `aws:SourceAccount`, `aws:SourceOrgID` or `aws:SourceOrgPaths`,
#   or on an encryption context that names an account.
# custom:
#   exceptions:
#   - DescribeKey, GetPublicKey and GetKeyRotationStatus, because the key policies that AWS documents for CloudTrail allow them without a condition.
#   - CreateGrant, ListGrants and RevokeGrant, if `kms:GrantIsForAWSResource` is required.
#   - Services in the setting `services`.
#   when_not: |
#     If the services that use the key send no source with their requests, name them in the setting `services`
#     instead of turning the rule off.
fail contains result.at_statement(key, statement, found[0].location, message) if {
	some key in policy.readable
	some statement in key.policy.statements

	# One finding covers all services of a statement, because they lack the same condition.
	found := [principal |
		some index, principal in statement.principals
		_is_service(principal)
		_is_named(principal) == truth.yes
		count(_less_exempt(access.actions_with(statement, index, "anySource"))) > 0
	]
	count(found) > 0
	services := result.short_list([principal.text | some principal in found])
	actions := {action |
		some index, principal in statement.principals
		principal in found
		some action in _less_exempt(access.actions_with(statement, index, "anySource"))
	}
	message := $"{result.subject(statement)} allows {services} {result.action_list(statement, actions)} without a condition that names the source account or resource.{_ineffective(statement)}"
}

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, index, principal] in policy.principals
	policy.is_resolved(key)
	_is_service(principal)
	possible := _less_exempt(access.possible_actions_with(statement, index, "anySource"))
	verdict := truth.every_of({_is_named(principal), access.any_of(statement, index, "anySource", possible)})
	truth.is_unknown(verdict)
	question := $"{result.statement(statement)} allows the service {principal.text} to use the key for any source account or resource"
	message := result.cannot_tell(question, verdict)
}

_ineffective(statement) := scope.ineffective(statement, scope.source_keys, "does not name the source account or resource")

_is_service(principal) if {
	principal.kind == "service"
	not principal.text in _exempt
}

# If the whole element is unknown, it may name a service.
_is_service(principal) if {
	principal.kind == "unknown"
	principal.type == "*"
}

# EventBridge sends no source to encrypted topics and queues.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
_exempt := settings.of("service_principal_unscoped", about).services

# AWS's own policies for CloudTrail allow these without a condition.
_exempt_actions := {"DescribeKey", "GetPublicKey", "GetKeyRotationStatus"}

_less_exempt(actions) := actions - _exempt_actions

# A service whose name begins with an unknown part may be one of those that send no source.
_is_named(principal) := truth.unknown(causes.principal(principal)) if {
	startswith(principal.text, "⟨")
} else := truth.yes
