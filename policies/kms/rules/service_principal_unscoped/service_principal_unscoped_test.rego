package kms.rules.service_principal_unscoped_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.service_principal_unscoped as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_s3 := fixture.service("s3.amazonaws.com")

_allow(actions, conditions) := fixture.allow([_s3], actions, conditions)

_under(operator, key, values) := _allow(["kms:Decrypt"], [fixture.condition(operator, key, values)])

_trail := "arn:aws:cloudtrail:*:111122223333:trail/*"

_decrypts := "Statement 1 allows s3.amazonaws.com kms:Decrypt without a condition that names the source account or resource."

_for_aws := fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])

test_fails[note] if {
	some note, statements in {
		"no condition": [_allow(["kms:Decrypt"], [])],
		"via a service": [_under("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])],
		"the caller's account": [_under("StringEquals", "kms:CallerAccount", [fixture.owner])],
		"the caller's organization": [_under("StringEquals", "aws:PrincipalOrgID", ["o-1"])],
		"negated": [_under("StringNotEquals", "aws:SourceAccount", [fixture.other])],
		"if it exists": [_under("StringEqualsIfExists", "aws:SourceAccount", [fixture.owner])],
		"any source": [_under("ArnLike", "aws:SourceArn", ["*"])],
		"a source of any account": [_under("ArnLike", "aws:SourceArn", ["arn:aws:s3:*:*:bucket"])],
		"an encryption context without an account": [_under("StringEquals", "kms:EncryptionContext:app", ["orders"])],
		"one value without an account": [_under("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", [_trail, "*"])],
		"a negated encryption context": [_under("StringNotLike", "kms:EncryptionContext:aws:cloudtrail:arn", [_trail])],
		"a Deny for people": [_allow(["kms:Decrypt"], []), fixture.deny(
			[fixture.everyone], ["kms:*"],
			[
				fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"]),
				fixture.condition("Bool", "aws:PrincipalIsAWSService", ["false"]),
			],
		)],
		"next to exempt actions": [_allow(["kms:Decrypt", "kms:DescribeKey"], [])],
		"next to grants for services": [_allow(["kms:Decrypt", "kms:CreateGrant"], [_for_aws])],
	}
	some message in _fail(statements)
	startswith(message, _decrypts)
}

test_fails_and_says_why_a_condition_does_not_restrict_access[note] if {
	some note, tc in {
		"no condition": {"statement": _allow(["kms:Decrypt"], []), "want": ""},
		"via a service": {
			"statement": _under("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
			"want": ` The condition StringEquals kms:ViaService "s3.eu-west-1.amazonaws.com" does not restrict access: kms:ViaService does not name the source account or resource.`,
		},
		"any source": {
			"statement": _under("ArnLike", "aws:SourceArn", ["*"]),
			"want": ` The condition ArnLike aws:SourceArn "*" does not restrict access: a value matches everything.`,
		},
	}
	_fail([tc.statement]) == {$"{_decrypts}{tc.want}"}
}

test_fails_for_grants_of_any_kind if {
	_fail([_allow(["kms:CreateGrant"], [])]) == {"Statement 1 allows s3.amazonaws.com kms:CreateGrant without a condition that names the source account or resource."}
}

test_fails_once_for_the_services_of_a_statement if {
	services := [_s3, fixture.service("events.amazonaws.com"), fixture.service("sqs.amazonaws.com"), fixture.owner_root]
	_fail([fixture.allow(services, ["kms:*"], [])]) == {"Statement 1 allows s3.amazonaws.com and sqs.amazonaws.com kms:* without a condition that names the source account or resource."}
}

test_passes[note] if {
	some note, statements in {
		"source account": [_under("StringEquals", "aws:SourceAccount", [fixture.owner])],
		"source by a pattern": [_under("ArnLike", "aws:SourceArn", [_trail])],
		"source without an account": [_under("ArnLike", "aws:SourceArn", ["arn:aws:s3:::logs"])],
		"source by a reference": [_under("ArnEquals", "aws:SourceArn", [fixture.whole_account("aws_cloudtrail.a.arn")])],
		"source organization": [_under("StringEquals", "aws:SourceOrgID", ["o-1"])],
		"source in an organization": [_under("ForAnyValue:StringLike", "aws:SourceOrgPaths", ["o-1/r-1/*"])],
		"encryption context of an account": [_under("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", [_trail])],
		"encryption context by a reference": [_under(
			"StringEquals", "kms:EncryptionContext:aws:logs:arn",
			[fixture.part("arn:aws:logs:eu-west-1:⟨local.account⟩:log-group:a")],
		)],
		"exempt actions": [_allow(["kms:Describe*", "kms:GetPublicKey", "kms:GetKeyRotationStatus"], [])],
		"grants for services": [_allow(["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], [_for_aws])],
		"EventBridge": [fixture.allow([fixture.service("events.amazonaws.com")], ["kms:Decrypt"], [])],
		"no service": [fixture.allow([fixture.owner_root, fixture.everyone], ["kms:*"], [])],
		"a Deny": [fixture.deny([_s3], ["kms:Decrypt"], [])],
		"another key": [object.union(_allow(["kms:Decrypt"], []), {"matchesKey": "no"})],
		"a condition that never matches": [_under("StringEquals", "aws:SourceAccount", ["*"])],
		"a Deny of other sources": [_allow(["kms:Decrypt"], []), fixture.deny(
			[fixture.everyone], ["kms:*"],
			[
				fixture.condition("StringNotEqualsIfExists", "aws:SourceOrgID", ["o-1"]),
				fixture.condition("Bool", "aws:PrincipalIsAWSService", ["true"]),
			],
		)],
		"taken away": [_allow(["kms:Decrypt"], []), fixture.deny([_s3], ["kms:Decrypt"], [])],
		"NotPrincipal": [object.union(_allow(["kms:Decrypt"], []), {"notPrincipal": true})],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
test_passes_the_policy_that_cloudtrail_gives if {
	cloudtrail := fixture.service("cloudtrail.amazonaws.com")
	context := fixture.condition("StringLike", "kms:EncryptionContext:aws:cloudtrail:arn", [_trail])
	caller := fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])
	statements := [
		fixture.statement({}),
		fixture.allow(
			[cloudtrail], ["kms:GenerateDataKey*"],
			[fixture.condition("StringEquals", "aws:SourceArn", ["arn:aws:cloudtrail:eu-west-1:111122223333:trail/a"]), context],
		),
		fixture.allow([cloudtrail], ["kms:DescribeKey"], []),
		fixture.allow([fixture.everyone], ["kms:Decrypt", "kms:ReEncryptFrom"], [caller, context]),
	]
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, tc in {
		"effect": {
			"statements": [object.union(_allow(["kms:Decrypt"], []), {"effect": fixture.unknown("var.effect")})],
			"want": fixture.causes.effect,
		},
		"resource": {"statements": [object.union(_allow(["kms:Decrypt"], []), {"matchesKey": "unknown"})], "want": fixture.causes.resource},
		"actions": {
			"statements": [object.union(_allow(["kms:DescribeKey"], []), {"mayCover": ["Decrypt"]})],
			"want": fixture.causes.action,
		},
		"condition": {"statements": [_allow(["kms:Decrypt"], [fixture.unknown_condition])], "want": fixture.causes.condition},
		"value": {"statements": [_under("ArnLike", "aws:SourceArn", [fixture.whole("var.source")])], "want": "`var.source` is unknown"},
		"whether grants are for services": {
			"statements": [_allow(
				["kms:CreateGrant"],
				[fixture.condition("Bool", "kms:GrantIsForAWSResource", [fixture.whole("var.x")])],
			)],
			"want": "`var.x` is unknown",
		},
		"a Deny": {
			"statements": [
				_allow(["kms:Decrypt"], []),
				fixture.deny([fixture.everyone], ["kms:*"], [fixture.unknown_condition]),
			],
			"want": fixture.causes.condition,
		},
		"the service": {
			"statements": [fixture.allow([fixture.service("⟨var.service⟩")], ["kms:Decrypt"], [])],
			"want": "`var.service` is unknown",
		},
		"all principals": {
			"statements": [fixture.allow([fixture.unknown_principal("*", "var.p")], ["kms:Decrypt"], [])],
			"want": fixture.causes.principal,
		},
	}
	_fail(tc.statements) == set()
	some message in _unknown(tc.statements)
	startswith(message, "Cannot tell whether statement 1 allows the service ")
	endswith(message, $" to use the key for any source account or resource: {tc.want}.")
}

test_passes_unknown_principal_that_is_no_service if {
	_unknown([fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:Decrypt"], [])]) == set()
}

test_fails_for_a_service_with_an_unknown_part if {
	logs := fixture.service("logs.⟨var.region⟩.amazonaws.com")
	_fail([fixture.allow([logs], ["kms:Decrypt"], [])]) == {"Statement 1 allows logs.⟨var.region⟩.amazonaws.com kms:Decrypt without a condition that names the source account or resource."}
}

test_partial_policies_are_never_unknown if {
	statement := _allow(["kms:Decrypt"], [fixture.unknown_condition])
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}

test_services_are_configured if {
	settings := {"service_principal_unscoped": {"services": ["s3.amazonaws.com"]}}
	_fail([_allow(["kms:Decrypt"], [])]) == set() with data.keywarden.settings as settings
	count(_fail([fixture.allow([fixture.service("events.amazonaws.com")], ["kms:Decrypt"], [])])) == 1 with data.keywarden.settings as settings
}
