package kms.lib.scope_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.scope
import data.kms.lib.truth

_under(conditions) := fixture.statement({"principals": [fixture.everyone], "conditions": conditions})

_admin := "arn:aws:iam::111122223333:role/admin"

_itself := {"text": "${aws:PrincipalAccount}", "matchesEverything": true, "comparesWithItself": true}

test_requires_key[note] if {
	some note, tc in {
		"a positive operator": {"condition": fixture.condition("StringEquals", "kms:ViaService", ["a"]), "want": true},
		"a negated operator": {"condition": fixture.condition("StringNotEquals", "kms:ViaService", ["a"]), "want": false},
		"IfExists": {"condition": fixture.condition("StringEqualsIfExists", "kms:ViaService", ["a"]), "want": false},
		"IfExists, and it is always present": {
			"condition": fixture.condition("StringEqualsIfExists", "kms:CallerAccount", [fixture.owner]),
			"want": true,
		},
		"ForAllValues": {
			"condition": fixture.condition("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-1/*"]),
			"want": false,
		},
		"ForAllValues, and another condition requires it": {
			"condition": object.union(
				fixture.condition("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-1/*"]),
				{"presenceRequired": true},
			),
			"want": true,
		},
	}
	_requires(tc.condition) == tc.want
}

_requires(condition) if scope.requires_key(condition, scope.always_present)

else := false

test_requires_key_under_each_positive_operator[operator] if {
	some operator in ["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"]
	_requires(fixture.condition(operator, "aws:SourceArn", ["a"]))
	not _requires(fixture.condition($"{operator}IfExists", "aws:SourceArn", ["a"]))
}

test_requires_keys_that_every_request_has[key] if {
	some key in ["kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalArn"]
	_requires(fixture.condition("StringEqualsIfExists", key, ["a"]))
}

test_has_narrow_values[note] if {
	some note, tc in {
		"Equals": {"condition": fixture.condition("StringEquals", "kms:GranteePrincipal", ["a"]), "want": truth.yes},
		"Like": {"condition": fixture.condition("ArnLike", "aws:PrincipalArn", [_admin]), "want": truth.yes},
		"another operator": {"condition": fixture.condition("Null", "kms:GranteePrincipal", ["false"]), "want": truth.no},
		"a wildcard": {"condition": fixture.condition("StringLike", "kms:GranteePrincipal", ["*"]), "want": truth.no},
		"a wildcard among values": {"condition": fixture.condition("ArnLike", "aws:PrincipalArn", [_admin, "*"]), "want": truth.no},
		"a wildcard next to an unknown value": {
			"condition": fixture.condition("StringLike", "aws:PrincipalArn", ["*", fixture.whole("var.arn")]),
			"want": truth.no,
		},
		"itself": {"condition": fixture.condition("StringEquals", "aws:PrincipalAccount", [_itself]), "want": truth.no},
		"an unknown value under Equals": {
			"condition": fixture.condition("StringEquals", "aws:PrincipalOrgID", [fixture.whole("var.org")]),
			"want": truth.yes,
		},
		"the account by a symbol": {"condition": fixture.condition("StringLike", "kms:CallerAccount", [fixture.self]), "want": truth.yes},
		"the ARN of a resource": {
			"condition": fixture.condition("ArnLike", "aws:SourceArn", [fixture.whole_account("aws_cloudtrail.a.arn")]),
			"want": truth.yes,
		},
		"an unknown value": {"condition": fixture.condition("ArnLike", "aws:PrincipalArn", [fixture.whole("var.arn")]), "want": "unknown"},
		"an unknown account of the principal": {
			"condition": fixture.condition("StringLike", "aws:PrincipalAccount", [fixture.whole_account("var.account")]),
			"want": "unknown",
		},
		"an unknown account of the source": {
			"condition": fixture.condition("StringLike", "aws:SourceAccount", [fixture.whole_account("var.account")]),
			"want": "unknown",
		},
		"an unknown account": {
			"condition": fixture.condition("StringLike", "kms:CallerAccount", [fixture.whole_account("var.account")]),
			"want": "unknown",
		},
	}
	fixture.verdict(scope.has_narrow_values(tc.condition)) == tc.want
}

test_exempts_narrowly[note] if {
	some note, tc in {
		"NotEquals": {"condition": fixture.condition("StringNotEquals", "kms:ViaService", ["a"]), "want": truth.yes},
		"NotLike": {"condition": fixture.condition("StringNotLike", "kms:ViaService", ["s3.*"]), "want": truth.yes},
		"a wildcard": {"condition": fixture.condition("StringNotLike", "kms:ViaService", ["*"]), "want": truth.no},
		"itself": {"condition": fixture.condition("StringNotEquals", "aws:PrincipalAccount", [_itself]), "want": truth.no},
		"a positive operator": {"condition": fixture.condition("StringEquals", "kms:ViaService", ["a"]), "want": truth.no},
	}
	fixture.verdict(scope.exempts_narrowly(tc.condition)) == tc.want
}

test_exempts_narrowly_under_each_negated_operator[operator] if {
	some operator in ["StringNotEquals", "StringNotEqualsIgnoreCase", "StringNotLike", "ArnNotEquals", "ArnNotLike", "NotIpAddress"]
	scope.exempts_narrowly(fixture.condition(operator, "kms:ViaService", ["a"])) == truth.yes
}

test_has_only_value[note] if {
	some note, tc in {
		"the text": {"values": ["true"], "want": truth.yes},
		"without case": {"values": ["True", "TRUE"], "want": truth.yes},
		"another": {"values": ["true", "false"], "want": truth.no},
		"no value": {"values": [], "want": truth.no},
		"unknown": {"values": [fixture.whole("var.x")], "want": "unknown"},
		"unknown next to another": {"values": [fixture.whole("var.x"), "false"], "want": truth.no},
	}
	fixture.verdict(scope.has_only_value(fixture.condition("Bool", "kms:GrantIsForAWSResource", tc.values), "true")) == tc.want
}

_never(operator, key, values) if scope.never_matches(_under([fixture.condition(operator, key, values)]))

else := false

test_never_matches[note] if {
	some note, tc in {
		"no values": _never("StringLike", "kms:ViaService", []),
		"no values of a boolean": _never("Bool", "kms:GrantIsForAWSResource", []),
		"star under Equals": _never("StringEquals", "kms:CallerAccount", ["*"]),
		"star under Equals with IfExists on the account": _never("StringEqualsIfExists", "kms:CallerAccount", ["*"]),
		"pattern of accounts under Equals": _never("StringEquals", "aws:PrincipalArn", ["arn:aws:iam::*:role/a", "*"]),
	}
	tc
}

test_may_match[note] if {
	some note, tc in {
		"values": _never("StringEquals", "kms:CallerAccount", [fixture.other]),
		"star under Like": _never("StringLike", "aws:PrincipalArn", ["*"]),
		"star among others": _never("StringEquals", "kms:CallerAccount", ["*", fixture.other]),
		"star as a text of the user": _never("StringEquals", "kms:EncryptionContext:app", ["*"]),
		"no values under a negated operator": _never("StringNotEquals", "kms:CallerAccount", []),
		"no values of Null": _never("Null", "kms:CallerAccount", []),
		"no values with IfExists": _never("StringEqualsIfExists", "aws:SourceVpce", []),
		"no values with ForAllValues": _never("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", []),
		"star with ForAllValues": _never("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", ["*"]),
		"star with IfExists": _never("StringEqualsIfExists", "aws:PrincipalOrgID", ["*"]),
		"unknown": _never("StringEquals", "kms:CallerAccount", [fixture.whole_account("var.a")]),
	}
	tc == false
}

test_unknown_condition_may_match if not scope.never_matches(_under([fixture.unknown_condition]))

test_why_not[note] if {
	some note, tc in {
		"Null": {"condition": fixture.condition("Null", "aws:PrincipalArn", ["false"]), "want": "Null only tests whether the condition key is present"},
		"negated": {
			"condition": fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"]),
			"want": "a negated operator lets other callers through",
		},
		"another key": {
			"condition": fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
			"want": "kms:ViaService does not identify the caller",
		},
		"ForAllValues": {
			"condition": fixture.condition("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-1/*"]),
			"want": "ForAllValues also matches requests without the condition key",
		},
		"IfExists": {
			"condition": fixture.condition("StringEqualsIfExists", "aws:PrincipalOrgID", ["o-1"]),
			"want": "IfExists also matches requests without the condition key",
		},
		"wide ranges": {
			"condition": fixture.condition("IpAddress", "aws:SourceIp", ["0.0.0.0/0"]),
			"want": "its address ranges are too wide",
		},
		"wildcard": {"condition": fixture.condition("ArnLike", "aws:PrincipalArn", ["*"]), "want": "a value matches everything"},
		"itself": {
			"condition": fixture.condition("StringEquals", "aws:PrincipalAccount", [_itself]),
			"want": "it compares the condition key with itself",
		},
		"another operator": {
			"condition": fixture.condition("Bool", "aws:PrincipalArn", ["true"]),
			"want": "Bool does not limit aws:PrincipalArn to fixed values",
		},
	}
	scope.why_not(tc.condition, scope.keys, "does not identify the caller") == tc.want
}

test_why_not_accepts_each_key_that_identifies_callers[key] if {
	some key in [
		"kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:userid",
		"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths",
		"aws:SourceVpce", "aws:SourceVpc", "aws:SourceIp",
	]
	not scope.why_not(fixture.condition("StringEquals", key, ["a"]), scope.keys, "does not identify the caller")
}

test_why_not_needs_a_condition_that_does_not_restrict[note] if {
	some note, condition in {
		"restricting": fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
		"unknown value": fixture.condition("ArnLike", "aws:PrincipalArn", [fixture.whole("var.arn")]),
		"unknown condition": fixture.unknown_condition,
		"range": fixture.condition("IpAddress", "aws:SourceIp", ["203.0.113.0/24"]),
		"unknown range": fixture.condition("IpAddress", "aws:SourceIp", [fixture.whole("var.range")]),
	}
	not scope.why_not(condition, scope.keys, "does not identify the caller")
}

test_unrestricted if {
	scope.unrestricted(_under([fixture.condition("StringEquals", "kms:ViaService", ["a"])])) == `. The condition StringEquals kms:ViaService "a" does not restrict access: kms:ViaService does not identify the caller.`
	scope.unrestricted(_under([])) == ", and no condition restricts access."
	scope.unrestricted(_under([fixture.condition("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-1/*", "o-2/*"])])) == `. The condition ForAllValues:StringLike aws:PrincipalOrgPaths "o-1/*", "o-2/*" does not restrict access: ForAllValues also matches requests without the condition key.`
}

test_ineffective_restrictions_ignore_other_condition_keys if {
	scope.ineffective_restrictions(_under([
		fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		fixture.condition("StringNotEqualsIfExists", "aws:PrincipalOrgID", ["o-1"]),
		fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner]),
	])) == ` The condition StringNotEqualsIfExists aws:PrincipalOrgID "o-1" does not restrict access: a negated operator lets other callers through.`
}
