package kms.rules.public_access_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.public_access as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_account := fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])

_open(changes) := object.union(fixture.statement({"principals": [fixture.everyone]}), changes)

_deny(conditions) := fixture.deny([fixture.everyone], ["kms:*"], conditions)

test_fails[note] if {
	anybody := fixture.principal({"kind": "everyone", "text": "arn:aws:iam::*:root"})
	some note, tc in {
		"star": {
			"statements": [_open({})],
			"want": "Statement 1 allows everyone (*) kms:*, and no condition restricts access.",
		},
		"among others": {
			"statements": [fixture.allow([fixture.owner_root, fixture.everyone], ["kms:Decrypt"], [])],
			"want": "Statement 1 allows everyone (*) kms:Decrypt, and no condition restricts access.",
		},
		"any account": {
			"statements": [_open({"principals": [anybody], "sid": "Any"})],
			"want": "Statement \"Any\" allows everyone (arn:aws:iam::*:root) kms:*, and no condition restricts access.",
		},
		"all but some actions": {
			"statements": [_open({"notAction": true, "covers": ["Decrypt", "Encrypt", "Sign", "TagResource", "Verify"]})],
			"want": "Statement 1 allows everyone (*) kms:Decrypt, kms:Encrypt, kms:Sign, kms:TagResource and 1 more, and no condition restricts access.",
		},
		"a condition that does not restrict access": {
			"statements": [fixture.allow(
				[fixture.everyone], ["kms:Decrypt"],
				[fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])],
			)],
			"want": "Statement 1 allows everyone (*) kms:Decrypt. The condition StringEquals kms:ViaService \"s3.eu-west-1.amazonaws.com\" does not restrict access: kms:ViaService does not identify the caller.",
		},
		"what a Deny leaves": {
			"statements": [
				fixture.allow([fixture.everyone], ["kms:Decrypt", "kms:Encrypt"], []),
				fixture.deny([fixture.everyone], ["kms:Encrypt"], []),
			],
			"want": "Statement 1 allows everyone (*) kms:Decrypt, and no condition restricts access.",
		},
		"a Deny of one account": {
			"statements": [_open({}), fixture.deny([fixture.other_root], ["kms:*"], [])],
			"want": "Statement 1 allows everyone (*) kms:*, and no condition restricts access.",
		},
		"a Deny under another condition": {
			"statements": [_open({}), _deny([fixture.condition("Bool", "aws:SecureTransport", ["false"])])],
			"want": "Statement 1 allows everyone (*) kms:*, and no condition restricts access.",
		},
	}
	_fail(tc.statements) == {tc.want}
}

test_points_at_the_principal if {
	some finding in rule.fail with input as fixture.document_with([_open({})])
	finding.location == fixture.everyone.location
	finding.statement == "#1"
	finding.resource == "aws_kms_key.main"
}

test_passes[note] if {
	some note, statements in {
		"the default policy": [fixture.statement({})],
		"a Deny": [_open({"effect": "Deny"})],
		"a restriction": [_open({"conditions": [_account]})],
		"a restriction next to other conditions": [_open({"conditions": [
			_account,
			fixture.condition("StringEquals", "kms:ViaService", ["ec2.eu-west-1.amazonaws.com"]),
			fixture.unknown_condition,
		]})],
		"a star that never matches": [_open({"conditions": [fixture.condition("StringEquals", "kms:CallerAccount", ["*"])]})],
		"another key": [_open({"matchesKey": "no"})],
		"NotPrincipal, which another rule judges": [_open({"notPrincipal": true})],
		"no KMS action": [_open({"covers": []})],
		"all taken away": [_open({}), _deny([])],
		"a perimeter": [_open({}), _deny([
			fixture.condition("StringNotEqualsIfExists", "aws:PrincipalOrgID", ["o-1"]),
			fixture.condition("BoolIfExists", "aws:PrincipalIsAWSService", ["false"]),
		])],
		"all but some refused": [
			_open({}),
			object.union(fixture.deny([fixture.owner_root], ["kms:*"], []), {"notPrincipal": true}),
		],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, tc in {
		"effect": {"statements": [_open({"effect": fixture.unknown("var.effect")})], "want": fixture.causes.effect},
		"resource": {"statements": [_open({"matchesKey": "unknown"})], "want": fixture.causes.resource},
		"actions": {"statements": [_open({"covers": [], "mayCover": ["Decrypt"]})], "want": fixture.causes.action},
		"condition": {"statements": [_open({"conditions": [fixture.unknown_condition]})], "want": fixture.causes.condition},
		"value": {
			"statements": [_open({"conditions": [fixture.condition("ArnLike", "aws:PrincipalArn", [fixture.whole("var.arn")])]})],
			"want": "`var.arn` is unknown",
		},
		"a Deny": {"statements": [_open({}), _deny([fixture.unknown_condition])], "want": fixture.causes.condition},
		"principal": {
			"statements": [_open({"principals": [fixture.unknown_principal("AWS", "var.readers")]})],
			"want": "`var.readers` is unknown",
		},
	}
	_fail(tc.statements) == set()
	_unknown(tc.statements) == {$"Cannot tell whether statement 1 allows everyone to use the key: {tc.want}."}
}

test_passes_if_a_known_part_decides[note] if {
	some note, statements in {
		"a value under Equals": [_open({"conditions": [fixture.condition("StringEquals", "aws:PrincipalOrgID", [fixture.whole("var.org")])]})],
		"an unknown part of a value": [_open({"conditions": [fixture.condition("ArnLike", "aws:PrincipalArn", [fixture.part("arn:aws:iam::⟨var.a⟩:role/x")])]})],
		"a principal under a condition": [_open({
			"principals": [fixture.unknown_principal("AWS", "var.p")],
			"conditions": [_account],
		})],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_partial_policies_fail_and_are_never_unknown if {
	key := fixture.with_policy({
		"state": "partial",
		"statements": [_open({}), _open({"index": 1, "matchesKey": "unknown"})],
	})
	count(rule.fail) == 1 with input as fixture.document([key], [])
	rule.unknown == set() with input as fixture.document([key], [])
}
