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

import data.kms.facts
import data.kms.lib.access
import data.kms.lib.fence
import data.kms.lib.grant
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# One finding for all the services of a statement: they share what is missing.
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
	_scoped(statement) == truth.no
	found := [principal |
		some principal in policy.principals(statement)
		_is_service(principal)
		_named(principal)
		count(_granted(key, statement, principal)) > 0
	]
	count(found) > 0
	services := result.some_of([principal.text | some principal in found])
	actions := {action | some principal in found; some action in _granted(key, statement, principal)}
	message := $"{result.name(statement)} lets {services} use the key ({result.granted(statement, actions)}) without saying for which account or resource."
}

_named(principal) if {
	principal.kind == "service"
	not startswith(principal.text, "⟨")
}

_granted(key, statement, principal) := _left(statement, access.sure(key, statement, principal), truth.unknown)

unknown contains result.at_statement(key, statement, principal.location, message) if {
	some [key, statement, principal] in _services
	policy.certain(key)
	_scoped(statement) != truth.yes
	count(_left(statement, access.possible(key, statement, principal), truth.yes)) > 0
	message := $"{result.name(statement)} lets {principal.text} use the key, and its principal, conditions, effect or actions are not fully known."
}

_services := [[key, statement, principal] |
	some key in policy.readable
	some statement in key.policy.statements
	some principal in policy.principals(statement)
	_is_service(principal)
]

_is_service(principal) if {
	principal.kind == "service"
	not principal.text in _exempt
}

# Of the whole element nothing is known: it may name a service.
_is_service(principal) if {
	principal.kind == "unknown"
	principal.type == "*"
}

# EventBridge sends no source to encrypted topics and queues.
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
_exempt := settings.of("service_principal_unscoped", about).services

# AWS's own policies for CloudTrail have these without a condition.
_bare := {"DescribeKey", "GetPublicKey", "GetKeyRotationStatus"}

# Without the actions that are exempt, those about grants where they are so at least as surely as `sureness`.
_left(statement, actions, sureness) := _telling(actions) - {"CreateGrant", "ListGrants", "RevokeGrant"} if {
	grant.for_aws_resource(statement) >= sureness
} else := _telling(actions)

# What a wildcard takes in beside, such as DescribeCustomKeyStores, no key policy gives.
_telling(actions) := (actions & facts.key_policy_actions) - _bare

_scoped(statement) := truth.any_of({_scopes(c) | some c in statement.conditions})

_scopes(c) := truth.unknown if {
	c.operator == "Unknown"
} else := fence.narrow_values(c) if {
	c.key in fence.source_keys
	fence.demands(c, set())
} else := truth.every_of({_names_account(v) | some v in c.values}) if {
	startswith(c.key, "kms:encryptioncontext:")
	fence.demands(c, set())
} else := truth.no

_names_account(v) := truth.yes if {
	v.account
} else := truth.no
