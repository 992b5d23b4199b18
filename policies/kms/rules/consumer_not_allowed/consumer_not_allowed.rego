# METADATA
# title: Service without access to the key
# description: "Some AWS services use a key as themselves, not with the permissions of their caller. If the key policy does not allow the service, the deployment fails, or messages and logs are lost without an error."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
# - https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
# custom:
#   level: warning
#   category: around
#   formats: [cloudformation, plan]
#   remediation: |
#     Add a statement for the service principal to the key policy, with a condition on the resource or the account
#     that the service acts for. An IAM policy or the account root principal gives a service no access.
#   snippets:
#     cloudformation: |
#       OrdersKey:
#         Type: AWS::KMS::Key
#         Properties:
#           EnableKeyRotation: true
#           KeyPolicy:
#             Version: "2012-10-17"
#             Statement:
#               - Sid: EnableIamPolicies
#                 Effect: Allow
#                 Principal:
#                   AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root
#                 Action: kms:*
#                 Resource: "*"
#               - Sid: AllowLogs
#                 Effect: Allow
#                 Principal:
#                   Service: !Sub logs.${AWS::Region}.amazonaws.com
#                 Action: [kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey*]
#                 Resource: "*"
#                 Condition:
#                   ArnLike:
#                     kms:EncryptionContext:aws:logs:arn: !Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*
#     terraform: |
#       resource "aws_kms_key" "orders" {
#         enable_key_rotation = true
#         policy = jsonencode({
#           Version = "2012-10-17"
#           Statement = [
#             {
#               Sid       = "EnableIamPolicies"
#               Effect    = "Allow"
#               Principal = { AWS = "arn:aws:iam::111122223333:root" }
#               Action    = "kms:*"
#               Resource  = "*"
#             },
#             {
#               Sid       = "AllowLogs"
#               Effect    = "Allow"
#               Principal = { Service = "logs.eu-west-1.amazonaws.com" }
#               Action    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"]
#               Resource  = "*"
#               Condition = {
#                 ArnLike = {
#                   "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:111122223333:log-group:*"
#                 }
#               }
#             },
#           ]
#         })
#       }
package kms.rules.consumer_not_allowed

import data.kms.lib.causes
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a resource makes an AWS service use a key of the same input, and no statement of the key policy allows the
#   service any of the actions that it needs: Amazon CloudWatch Logs for a log group, AWS CloudTrail for a trail; Amazon
#   SNS, Amazon S3, Amazon EventBridge and CloudWatch alarms for an encrypted queue or topic that they send to. The
#   verdict is unknown when the key is outside the input, or a principal of its policy is unknown. If several resources
#   need the same access to a key, one finding at the first of them stands for all.
# custom:
#   exceptions:
#   - Services that use the permissions of their caller or of a role.
#   - A statement with conditions, because its conditions may hold.
#   - AWS managed keys.
#   when_not: Turn this rule off if grants or key policies outside the input give services access.
fail contains result.at(consumer, use.location, message) if {
	some [consumer, use, others] in _first_uses
	_lacks_access(consumer, use) == truth.yes
	message := $"{_need(consumer, use)}, but no statement of the key policy of {_names(use)} allows it.{_also(others)}"
}

unknown contains result.at(consumer, use.location, message) if {
	some [consumer, use, others] in _first_uses
	verdict := _lacks_access(consumer, use)
	answer := result.cannot_tell($"the key policy allows {_service(consumer, use)} to use the key in {use.argument}", verdict)
	message := object.union(answer, {"text": $"{answer.text}{_also(others)}"})
}

# The first of the uses that one statement would allow, with the number of other resources that need it.
_first_uses := [[consumer, use, others] |
	some alike in _uses_by_need
	[consumer, use] := _uses[min(alike)]
	others := count({_uses[i][0].id | some i in alike}) - 1
]

_uses_by_need[[consumer.scope, _variant(consumer), consumer.region, use.requires, _key(use.key)]] contains i if {
	some i, [consumer, use] in _uses
}

# Verdicts about the variants of a resource are compared with each other, not with those about other resources.
_variant(consumer) := consumer.id if {
	consumer.variant
} else := null

_key(reference) := reference.keys if {
	count(reference.keys) > 0
} else := reference

_also(0) := ""

_also(1) := " The same applies to 1 more resource."

_also(others) := $" The same applies to {others} more resources." if others > 1

_uses := [[consumer, use] |
	some consumer in input.consumers
	some use in consumer.uses
	use.requires
	not startswith(object.get(use.key, "alias", ""), "alias/aws/")
]

_need(consumer, use) := $"The service {_service(consumer, use)} requires {_actions(use)} on the key of {use.through}" if {
	use.through
} else := $"The service {_service(consumer, use)} requires {_actions(use)} on the key in {use.argument}"

_actions(use) := result.short_list([$"kms:{action}" | some action in use.requires.actions])

_names(use) := concat(" or ", sort({key.resource | some key in _keys(use)}))

_keys(use) := [key | some id in use.key.keys; some key in _by_id[id]]

_by_id[key.id] contains key if some key in input.keys

# The service principal of CloudWatch Logs contains the Region.
_service(consumer, use) := replace(use.requires.service, "REGION", consumer.region) if {
	is_string(consumer.region)
} else := use.requires.service

_lacks_access(consumer, use) := truth.yes if {
	verdicts := _verdicts(consumer, use)
	verdicts == {truth.no}
} else := truth.no if {
	verdicts := _verdicts(consumer, use)
	verdicts == {truth.yes}
} else := truth.unknown(found) if {
	found := truth.causes(_verdicts(consumer, use))
	count(found) > 0
} else := truth.unknown(causes.reference(use.key))

# The truths of the keys allowing the service. `policy_unresolved` and `malformed_policy` cover policies without content.
_verdicts(consumer, use) := {_allows(consumer, use, key) |
	some key in _keys(use)
}

_allows(consumer, use, key) := truth.yes if {
	not key.policy.state in {"absent", "resolved"}
} else := truth.yes if {
	_has_grant(key)
} else := truth.any_of({_gives(consumer, use, statement) | some statement in key.policy.statements} | _unknown_statements(key))

_unknown_statements(key) := {truth.unknown(causes.policy(key.policy))} if {
	key.policy.hasUnknownStatements
} else := set()

# A grant for a service, or for a grantee that may be one, can replace a statement.
_has_grant(key) if {
	_granted[key.id]
}

_granted contains id if {
	some grant in input.grants
	grant.grantee.kind in {"service", "unknown"}
	some id in grant.key.keys
}

_gives(consumer, use, statement) := truth.no if {
	not _covers_some(statement, use.requires.actions)
} else := truth.every_of({policy.has_effect(statement, "Allow"), _reaches_service(consumer, use, statement)})

# NotPrincipal with Allow reaches every service that it does not name.
_reaches_service(consumer, use, statement) := truth.yes if {
	statement.notPrincipal
} else := truth.any_of({_is_service(consumer, use, principal) | some principal in statement.principals})

_covers_some(statement, actions) if {
	some action in array.concat(statement.covers, statement.mayCover)
	action in actions
}

_is_service(consumer, use, principal) := truth.yes if {
	principal.kind == "everyone"
} else := truth.unknown(causes.principal(principal)) if {
	principal.kind == "unknown"
} else := truth.from(_names_service(consumer, use, principal))

# A service principal with an unknown part, or with another suffix (amazonaws.com.cn), may be the service.
_names_service(consumer, use, principal) if {
	principal.kind == "service"
	name := split(use.requires.service, ".")[0]
	startswith(principal.text, $"{name}.")
	not _is_for_other_region(consumer, principal)
} else if {
	principal.kind == "service"
	startswith(principal.text, "⟨")
} else := false

_is_for_other_region(consumer, principal) if {
	region := split(principal.text, ".")[1]
	region != "amazonaws"
	not contains(principal.text, "⟨")
	is_string(consumer.region)
	region != consumer.region
}
