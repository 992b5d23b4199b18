package kms.rules.consumer_not_allowed_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.consumer_not_allowed as rule

_logs := {"service": "logs.REGION.amazonaws.com", "actions": ["Decrypt", "GenerateDataKey"], "page": "https://docs.aws.amazon.com/"}

_document(keys, ids, changes) := object.union(fixture.document(keys, []), {"consumers": [object.union(
	{
		"id": "group",
		"resource": "aws_cloudwatch_log_group.main",
		"type": "aws_cloudwatch_log_group",
		"scope": "plan",
		"location": fixture.at("/group"),
		"locations": {},
		"defaults": [],
		"region": "eu-west-1",
		"tags": {},
		"uses": [object.union(
			{
				"argument": "kms_key_id",
				"key": {"text": fixture.unknown("aws_kms_key.main.arn"), "keys": ids},
				"main": true,
				"asymmetric": false,
				"requires": _logs,
				"location": fixture.at("/use"),
			},
			object.get(changes, "use", {}),
		)],
	},
	object.remove(changes, ["use"]),
)]})

_root := fixture.allow([fixture.owner_root], ["kms:*"], [])

_with(statements) := _document([fixture.key_with(array.concat([_root], statements))], ["key"], {})

_to(principal) := fixture.allow([principal], ["kms:Decrypt", "kms:GenerateDataKey*"], [])

_service := fixture.service("logs.eu-west-1.amazonaws.com")

_with_grant(grantee) := object.union(_with([]), {"grants": [{
	"id": "grant",
	"key": {"keys": ["key"]},
	"grantee": grantee,
}]})

_other_key := object.union(fixture.key_with([_to(_service)]), {"id": "other"})

test_fails[note] if {
	some note, document in {
		"only the root": _with([]),
		"no policy": _document([fixture.key_of({})], ["key"], {}),
		"another service": _with([_to(fixture.service("sns.amazonaws.com"))]),
		"another Region": _with([_to(fixture.service("logs.us-east-1.amazonaws.com"))]),
		"another action": _with([fixture.allow([_service], ["kms:DescribeKey"], [])]),
		"everyone in accounts": _with([_to(fixture.other_root)]),
		"a Deny": _with([fixture.deny([_service], ["kms:*"], [])]),
		"an identity provider with the name of a service": _with([_to(fixture.federated("logs.eu-west-1.example.com"))]),
		"a role in an unknown account": _with([_to(fixture.unknown_role("var.role"))]),
		"a grant for a role": _with_grant(fixture.role(fixture.owner, "app")),
	}
	{finding.message | some finding in rule.fail} == {_failure} with input as document
	rule.unknown == set() with input as document
}

test_fails_for_the_key_of_a_queue if {
	use := {
		"through": "aws_sqs_queue.main",
		"argument": "endpoint",
		"requires": {"service": "sns.amazonaws.com", "actions": ["Decrypt"], "page": ""},
	}
	document := _document([fixture.key_with([_root])], ["key"], {"use": use, "region": fixture.unknown("var.region")})
	{finding.message | some finding in rule.fail} == {"The service sns.amazonaws.com requires kms:Decrypt on the key of aws_sqs_queue.main, but no statement of the key policy of aws_kms_key.main allows it."} with input as document
}

_failure := "The service logs.eu-west-1.amazonaws.com requires kms:Decrypt and kms:GenerateDataKey on the key in kms_key_id, but no statement of the key policy of aws_kms_key.main allows it."

test_fails_once_for_a_key_and_a_service[note] if {
	some note, tc in {
		"two more": {"more": [{}, {}], "messages": {"1": $"{_failure} The same applies to 2 more resources."}},
		"one more": {"more": [{}], "messages": {"1": $"{_failure} The same applies to 1 more resource."}},
		"one that refers to the key in another way": {
			"more": [_using({"text": "arn:aws:kms:eu-west-1:111122223333:key/main", "keys": ["key"]})],
			"messages": {"1": $"{_failure} The same applies to 1 more resource."},
		},
		"another Region": {"more": [{"region": fixture.unknown("var.region")}], "messages": {
			"1": _failure,
			"2": replace(_failure, "eu-west-1", "REGION"),
		}},
		"variants": {
			"more": [{"variant": {"assumptions": ["IsProd is true"], "total": 2}}],
			"messages": {"1": _failure, "2": _failure},
		},
	}
	found := {finding.entity: finding.message | some finding in rule.fail} with input as _repeated(_with([]), tc.more)
	found == tc.messages
}

test_unknown_once_for_a_reference_and_a_service[note] if {
	some note, tc in {
		"the same reference": {"more": [{}], "messages": {"1": $"{_doubt} The same applies to 1 more resource."}},
		"another reference": {
			"more": [_using({"text": fixture.unknown("var.key"), "keys": []})],
			"messages": {"1": _doubt, "2": replace(_doubt, "aws_kms_key.main.arn", "var.key")},
		},
	}
	found := {finding.entity: finding.message | some finding in rule.unknown} with input as _repeated(_document([], [], {}), tc.more)
	found == tc.messages
}

_doubt := "Cannot tell whether the key policy allows logs.eu-west-1.amazonaws.com to use the key in kms_key_id: `aws_kms_key.main.arn` is known only after apply."

# The document with more log groups, which differ from its log group in these fields.
_repeated(document, more) := object.union(document, {"consumers": [consumer |
	some i, changes in array.concat([{}], more)
	consumer := object.union(object.union(document.consumers[0], changes), {"id": format_int(i + 1, 10)})
]})

_using(key) := {"uses": [object.union(_document([], [], {}).consumers[0].uses[0], {"key": key})]}

test_passes[note] if {
	some note, document in {
		"the service": _with([_to(_service)]),
		"the service in China": _with([_to(fixture.service("logs.eu-west-1.amazonaws.com.cn"))]),
		"the service without a Region": _with([_to(fixture.service("logs.amazonaws.com"))]),
		"an unknown Region of the service": _with([_to(fixture.service("logs.⟨var.region⟩.amazonaws.com"))]),
		"an unknown service": _with([_to(fixture.service("⟨var.service⟩.amazonaws.com"))]),
		"an unknown Region of the log group": _document(
			[fixture.key_with([_to(fixture.service("logs.us-east-1.amazonaws.com"))])],
			["key"], {"region": fixture.unknown("var.region")},
		),
		"under a condition": _with([fixture.allow([_service], ["kms:*"], [fixture.condition("StringEquals", "aws:SourceAccount", [fixture.owner])])]),
		"everyone": _with([_to(fixture.everyone)]),
		"everyone else": _with([object.union(_to(fixture.user(fixture.owner, "x")), {"notPrincipal": true})]),
		"both keys": _document([fixture.key_with([_to(_service)]), _other_key], ["key", "other"], {}),
		"an AWS managed key": _document([], [], {"use": {"key": {"text": "alias/aws/sns", "alias": "alias/aws/sns", "keys": []}}}),
		"no requirement": _document([fixture.key_of({})], ["key"], {"uses": []}),
		"a policy that cannot be read": _document([fixture.with_policy({"state": "unresolved"})], ["key"], {}),
		"a grant for a service": _with_grant(_service),
		"a grant for a grantee that may be a service": _with_grant(fixture.unknown_principal("AWS", "var.grantee")),
	}
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"principal": {"document": _with([_to(fixture.unknown_principal("AWS", "var.p"))]), "why": fixture.causes.principal},
		"effect": {
			"document": _with([object.union(_to(_service), {"effect": fixture.unknown("var.effect")})]),
			"why": fixture.causes.effect,
		},
		"statements": {
			"document": _document(
				[fixture.with_policy({
					"hasUnknownStatements": true,
					"unknown": {"reason": "known only after apply", "expression": "var.statements"},
				})],
				["key"], {},
			),
			"why": "`var.statements` is known only after apply",
		},
		"key": {"document": _document([], [], {}), "why": "`aws_kms_key.main.arn` is known only after apply"},
		"one of two keys": {
			"document": _document(
				[fixture.key_with([_root]), _other_key],
				["key", "other"], {"use": {"key": {"text": "a key", "keys": ["key", "other"]}}},
			),
			"why": "a key may be one of several keys",
		},
	}
	{finding.message | some finding in rule.unknown} == {$"Cannot tell whether the key policy allows logs.eu-west-1.amazonaws.com to use the key in kms_key_id: {tc.why}."} with input as tc.document
	rule.fail == set() with input as tc.document
}
