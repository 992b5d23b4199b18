package kms.lib.grants_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants
import data.kms.lib.truth

_allow(conditions) := fixture.allow([fixture.other_root], ["kms:CreateGrant"], conditions)

# The truth of one condition of the Allow constraining grants.
_by(operator, key, values) := _under([fixture.condition(operator, key, values)])

_under(conditions) := grants.are_constrained(fixture.key_with([_allow(conditions)]), _allow(conditions), fixture.other_root)

# The truth of a Deny constraining them.
_imposed(deny) := grants.are_constrained(fixture.key_with([_allow([]), deny]), _allow([]), fixture.other_root)

_deny(conditions) := fixture.deny([fixture.everyone], ["kms:CreateGrant"], conditions)

_imposed_by(operator, key, values) := _imposed(_deny([fixture.condition(operator, key, values)]))

_for_aws := fixture.condition("BoolIfExists", "kms:GrantIsForAWSResource", ["false"])

test_are_for_aws_resources[note] if {
	some note, tc in {
		"true": {"conditions": [fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"])], "want": truth.yes},
		"as a string": {
			"conditions": [fixture.condition("StringEquals", "kms:GrantIsForAWSResource", ["True"])],
			"want": truth.yes,
		},
		"false": {"conditions": [fixture.condition("Bool", "kms:GrantIsForAWSResource", ["false"])], "want": truth.no},
		"either": {
			"conditions": [fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true", "false"])],
			"want": truth.no,
		},
		"if it exists": {
			"conditions": [fixture.condition("BoolIfExists", "kms:GrantIsForAWSResource", ["true"])],
			"want": truth.no,
		},
		"Null": {"conditions": [fixture.condition("Null", "kms:GrantIsForAWSResource", ["true"])], "want": truth.no},
		"nothing": {"conditions": [], "want": truth.no},
		"unknown value": {
			"conditions": [fixture.condition("Bool", "kms:GrantIsForAWSResource", [fixture.whole("var.x")])],
			"want": "unknown",
		},
		"unknown condition": {"conditions": [fixture.unknown_condition], "want": "unknown"},
	}
	fixture.verdict(grants.are_for_aws_resources(_allow(tc.conditions))) == tc.want
}

test_constrained[note] if {
	some note, tc in {
		"for services": _by("Bool", "kms:GrantIsForAWSResource", ["true"]),
		"operations": _by("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt", "Encrypt"]),
		"operations without a set operator": _by("StringEquals", "kms:GrantOperations", ["Decrypt"]),
		"operations by a pattern": _by("ForAllValues:StringLike", "kms:GrantOperations", ["GenerateDataKey*"]),
		"grantee": _by("StringEquals", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/app"]),
		"grantees of an account": _by("ArnLike", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/*"]),
		"grantee by a reference": _by("StringEquals", "kms:GranteePrincipal", [fixture.whole("var.grantee")]),
		"one of two conditions": _under([
			fixture.unknown_condition,
			fixture.condition("Bool", "kms:GrantIsForAWSResource", ["true"]),
		]),
	}
	tc == truth.yes
}

test_not_constrained[note] if {
	some note, tc in {
		"nothing": _under([]),
		"any service": _by("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		"operations with CreateGrant": _by("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt", "CreateGrant"]),
		"operations by a pattern of it": _by("ForAllValues:StringLike", "kms:GrantOperations", ["Create*"]),
		"all operations": _by("ForAllValues:StringLike", "kms:GrantOperations", ["*"]),
		"one operation among others": _by("ForAnyValue:StringEquals", "kms:GrantOperations", ["Decrypt"]),
		"all operations but some": _by("StringNotEquals", "kms:GrantOperations", ["CreateGrant"]),
		"all grantees": _by("StringLike", "kms:GranteePrincipal", ["*"]),
		"all grantees but some": _by("StringNotEquals", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/app"]),
		"grantee if it exists": _by("StringEqualsIfExists", "kms:GranteePrincipal", ["a"]),
	}
	tc == truth.no
}

test_constrained_unknown[note] if {
	some note, tc in {
		"condition": _under([fixture.unknown_condition]),
		"whether for services": _by("Bool", "kms:GrantIsForAWSResource", [fixture.whole("var.x")]),
		"operations": _by("ForAllValues:StringEquals", "kms:GrantOperations", [fixture.whole("var.operations")]),
		"grantee under a pattern": _by("StringLike", "kms:GranteePrincipal", [fixture.whole("var.grantee")]),
	}
	truth.is_unknown(tc)
}

test_imposed[note] if {
	some note, tc in {
		"unless it is true": _imposed_by("Bool", "kms:GrantIsForAWSResource", ["false"]),
		"unless it is there and true": _imposed_by("BoolIfExists", "kms:GrantIsForAWSResource", ["false"]),
		"where it is false, as a string": _imposed_by("StringEquals", "kms:GrantIsForAWSResource", ["false"]),
		"where it is not true": _imposed_by("StringNotEquals", "kms:GrantIsForAWSResource", ["true"]),
		"where it is missing": _imposed_by("Null", "kms:GrantIsForAWSResource", ["true"]),
		"other grantees": _imposed_by("StringNotEquals", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/app"]),
		"other grantees by a pattern": _imposed_by(
			"ArnNotLike", "kms:GranteePrincipal",
			["arn:aws:iam::444455556666:role/*"],
		),
		"any other operation": _imposed_by("ForAnyValue:StringNotEquals", "kms:GrantOperations", ["Decrypt"]),
		"either of two constraints": _imposed(_deny([
			_for_aws,
			fixture.condition("StringNotEquals", "kms:GranteePrincipal", ["arn:aws:iam::444455556666:role/app"]),
		])),
		"on the account alone": _imposed(fixture.deny([fixture.other_root], ["kms:*"], [_for_aws])),
		"on all but others": _imposed(object.union(
			fixture.deny([fixture.owner_root], ["kms:*"], [_for_aws]),
			{"notPrincipal": true},
		)),
	}
	tc == truth.yes
}

test_not_imposed[note] if {
	some note, tc in {
		"a Deny without conditions, which takes the grants away": _imposed(_deny([])),
		"where it is true": _imposed_by("Bool", "kms:GrantIsForAWSResource", ["true"]),
		"where it is there": _imposed_by("Null", "kms:GrantIsForAWSResource", ["false"]),
		"no value": _imposed_by("Bool", "kms:GrantIsForAWSResource", []),
		"a grantee at all": _imposed_by("Null", "kms:GranteePrincipal", ["true"]),
		"all grantees": _imposed_by("StringNotLike", "kms:GranteePrincipal", ["*"]),
		"only where all operations are others": _imposed_by(
			"ForAllValues:StringNotEquals", "kms:GrantOperations",
			["Decrypt"],
		),
		"operations with CreateGrant": _imposed_by("ForAnyValue:StringNotEquals", "kms:GrantOperations", ["CreateGrant"]),
		"some operations": _imposed_by("ForAnyValue:StringEquals", "kms:GrantOperations", ["CreateGrant"]),
		"on a condition besides": _imposed(_deny([
			_for_aws,
			fixture.condition("StringNotEquals", "aws:PrincipalTag/team", ["a"]),
		])),
		"on others": _imposed(fixture.deny([fixture.owner_root], ["kms:CreateGrant"], [_for_aws])),
		"on another action": _imposed(fixture.deny([fixture.everyone], ["kms:RevokeGrant"], [_for_aws])),
		"on another key": _imposed(object.union(_deny([_for_aws]), {"matchesKey": "no"})),
		"an Allow": _imposed(object.union(_deny([_for_aws]), {"effect": "Allow"})),
	}
	tc == truth.no
}

test_imposed_unknown[note] if {
	some note, tc in {
		"condition": _imposed(_deny([fixture.unknown_condition])),
		"condition besides": _imposed(_deny([_for_aws, fixture.unknown_condition])),
		"value": _imposed_by("Bool", "kms:GrantIsForAWSResource", [fixture.whole("var.x")]),
		"grantee under a pattern": _imposed_by("StringNotLike", "kms:GranteePrincipal", [fixture.whole("var.grantee")]),
		"operations": _imposed_by("ForAnyValue:StringNotEquals", "kms:GrantOperations", [fixture.whole("var.x")]),
		"effect": _imposed(object.union(_deny([_for_aws]), {"effect": fixture.unknown("var.effect")})),
		"resource": _imposed(object.union(_deny([_for_aws]), {"matchesKey": "unknown"})),
		"principal": _imposed(fixture.deny([fixture.unknown_principal("AWS", "var.p")], ["kms:*"], [_for_aws])),
		"action": _imposed(object.union(_deny([_for_aws]), {"covers": [], "mayCover": ["CreateGrant"]})),
	}
	truth.is_unknown(tc)
}
