package kms.lib.scope_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.scope
import data.kms.lib.truth

_under(conditions) := fixture.statement({"principals": [fixture.everyone], "conditions": conditions})

# The truth of one condition restricting access.
_scoped(operator, key, values) := scope.scoped(_under([fixture.condition(operator, key, values)]))

_admin := "arn:aws:iam::111122223333:role/admin"

_trail := "arn:aws:cloudtrail:*:111122223333:trail/*"

test_every_restricting_condition_key_is_known[key] if {
	some key in [
		"kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
		"aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceVpce", "aws:SourceVpc",
	]
	_scoped("StringEquals", key, ["some value"]) == truth.yes
}

test_scoped[note] if {
	some note, tc in {
		"StringLike": _scoped("StringLike", "aws:PrincipalArn", [_admin]),
		"ArnLike": _scoped("ArnLike", "aws:SourceArn", [_trail]),
		"ArnEquals": _scoped("ArnEquals", "aws:PrincipalArn", [_admin]),
		"without case": _scoped("StringEqualsIgnoreCase", "aws:PrincipalArn", [_admin]),
		"ForAnyValue": _scoped("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-1/r-1/*"]),
		"ARN without an account": _scoped("ArnLike", "aws:SourceArn", ["arn:aws:s3:::logs"]),
		"addresses of a /8": _scoped("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "192.0.2.1"]),
		"IfExists on the account": _scoped("StringEqualsIfExists", "kms:CallerAccount", [fixture.owner]),
		"IfExists on the ARN": _scoped("ArnLikeIfExists", "aws:PrincipalArn", [_admin]),
		"a reference under Equals": _scoped("StringEquals", "aws:PrincipalOrgID", [fixture.whole("var.org")]),
		"the account by a symbol under Like": _scoped("StringLike", "kms:CallerAccount", [fixture.self]),
		"a trail by reference": _scoped("ArnLike", "aws:SourceArn", [fixture.whole_account("aws_cloudtrail.a.arn")]),
		"ForAllValues on what is always there": _scoped("ForAllValues:StringEquals", "kms:CallerAccount", [fixture.owner]),
		"IfExists, where the key is demanded": _demanded("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1"),
		"ForAllValues, where the key is demanded": _demanded("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*"),
		"an unknown part of a text": _scoped("StringLike", "aws:PrincipalOrgID", [fixture.part("o-⟨var.org⟩")]),
		"a star under Equals": _scoped("StringEquals", "kms:CallerAccount", ["*"]),
	}
	tc == truth.yes
}

# Expects the result if another condition requires the condition key.
_demanded(operator, key, value) := scope.scoped(_under([object.union(
	fixture.condition(operator, key, [value]),
	{"presenceRequired": true},
)]))

test_not_scoped[note] if {
	some note, tc in {
		"no condition": scope.scoped(_under([])),
		"negated": _scoped("StringNotEquals", "kms:CallerAccount", [fixture.other]),
		"Null": _scoped("Null", "aws:PrincipalArn", ["false"]),
		"Bool": _scoped("Bool", "aws:SecureTransport", ["true"]),
		"another key": _scoped("StringEquals", "aws:PrincipalTag/team", ["a"]),
		"ViaService": _scoped("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		"encryption context": _scoped("StringEquals", "kms:EncryptionContext:app", ["a"]),
		"IfExists on what may be absent": _scoped("StringEqualsIfExists", "aws:PrincipalOrgID", ["o-1"]),
		"ForAllValues": _scoped("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-1/*"]),
		"star": _scoped("StringLike", "aws:PrincipalArn", ["*"]),
		"one star among values": _scoped("ArnLike", "aws:PrincipalArn", [_admin, "*"]),
		"a star as account": _scoped("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/admin"]),
		"a star under ArnEquals": _scoped("ArnEquals", "aws:PrincipalArn", ["*"]),
		"more addresses than a /8": _scoped("IpAddress", "aws:SourceIp", ["0.0.0.0/0"]),
		"a star next to an unknown value": _scoped("StringLike", "aws:PrincipalArn", ["*", fixture.whole("var.arn")]),
	}
	tc == truth.no
}

test_scoped_unknown[note] if {
	some note, tc in {
		"the condition": scope.scoped(_under([fixture.unknown_condition])),
		"a value under Like": _scoped("ArnLike", "aws:PrincipalArn", [fixture.whole("var.arn")]),
		"an account under Like": _scoped("StringLike", "kms:CallerAccount", [fixture.whole_account("var.account")]),
		"one of the values": _scoped("StringLike", "aws:PrincipalArn", [_admin, fixture.whole("var.arn")]),
	}
	truth.is_unknown(tc)
}

test_conditions_are_anded if {
	open := fixture.condition("StringLike", "aws:PrincipalArn", ["*"])
	closed := fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])
	scope.scoped(_under([open, closed, fixture.unknown_condition])) == truth.yes
	truth.is_unknown(scope.scoped(_under([open, fixture.unknown_condition])))
}

test_has_narrow_values_depends_on_the_operator if {
	scope.has_narrow_values(fixture.condition("StringEquals", "kms:GranteePrincipal", ["a"])) == truth.yes
	scope.has_narrow_values(fixture.condition("StringLike", "kms:GranteePrincipal", ["*"])) == truth.no
	scope.has_narrow_values(fixture.condition("Null", "kms:GranteePrincipal", ["false"])) == truth.no
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
		"no values with IfExists": _never("StringEqualsIfExists", "aws:SourceVpce", []),
		"no values with ForAllValues": _never("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", []),
		"star with ForAllValues": _never("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", ["*"]),
		"star with IfExists": _never("StringEqualsIfExists", "aws:PrincipalOrgID", ["*"]),
		"unknown": _never("StringEquals", "kms:CallerAccount", [fixture.whole_account("var.a")]),
	}
	tc == false
}

test_unknown_condition_may_match if not scope.never_matches(_under([fixture.unknown_condition]))

# The callers that everyone under some conditions includes: `accounts`, callers in other accounts; `beyond`, also those in
# an organization; `owner`, only callers in the owner's account.
_reach := {
	"no restriction": {
		"conditions": [],
		"accounts": truth.no, "beyond": truth.no, "owner": false,
	},
	"the owner": {
		"conditions": [fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])],
		"accounts": truth.no, "beyond": truth.no, "owner": true,
	},
	"another account": {
		"conditions": [fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner, fixture.other])],
		"accounts": truth.yes, "beyond": truth.yes, "owner": false,
	},
	"a principal of another account": {
		"conditions": [fixture.condition("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::444455556666:role/*"])],
		"accounts": truth.yes, "beyond": truth.yes, "owner": false,
	},
	"an unknown account": {
		"conditions": [fixture.condition("StringEquals", "aws:PrincipalAccount", [fixture.whole_account("var.a")])],
		"accounts": "unknown", "beyond": "unknown", "owner": false,
	},
	"a pattern of accounts": {
		"conditions": [fixture.condition("StringLike", "aws:PrincipalAccount", ["4444*"])],
		"accounts": "unknown", "beyond": "unknown", "owner": false,
	},
	"an organization": {
		"conditions": [fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])],
		"accounts": truth.no, "beyond": truth.yes, "owner": false,
	},
	"an organization and the owner": {
		"conditions": [
			fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
			fixture.condition("StringEquals", "aws:PrincipalAccount", [fixture.owner]),
		],
		"accounts": truth.no, "beyond": truth.no, "owner": true,
	},
	"an organization and another account": {
		"conditions": [
			fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
			fixture.condition("StringEquals", "aws:PrincipalAccount", [fixture.other]),
		],
		"accounts": truth.yes, "beyond": truth.yes, "owner": false,
	},
	"a network": {
		"conditions": [fixture.condition("StringEquals", "aws:SourceVpce", ["vpce-1"])],
		"accounts": truth.no, "beyond": truth.no, "owner": false,
	},
	"a source of another account": {
		"conditions": [fixture.condition("ArnLike", "aws:SourceArn", ["arn:aws:sns:eu-west-1:444455556666:t"])],
		"accounts": truth.yes, "beyond": truth.yes, "owner": false,
	},
	"a source of the owner": {
		"conditions": [fixture.condition("StringEquals", "aws:SourceAccount", [fixture.owner])],
		"accounts": truth.no, "beyond": truth.no, "owner": false,
	},
	"a bucket, which names no account": {
		"conditions": [fixture.condition("ArnLike", "aws:SourceArn", ["arn:aws:s3:::logs"])],
		"accounts": truth.no, "beyond": truth.no, "owner": false,
	},
	"an unknown source": {
		"conditions": [fixture.condition("ArnEquals", "aws:SourceArn", [fixture.whole("var.source")])],
		"accounts": "unknown", "beyond": "unknown", "owner": false,
	},
	"an unknown condition": {
		"conditions": [fixture.unknown_condition],
		"accounts": "unknown", "beyond": "unknown", "owner": false,
	},
	"what is no restriction": {
		"conditions": [fixture.condition("StringLike", "aws:PrincipalArn", ["*"])],
		"accounts": truth.no, "beyond": truth.no, "owner": false,
	},
}

test_reach[note] if {
	some note, tc in _reach
	fixture.verdict(scope.reaches_other_accounts(fixture.key_with([]), _under(tc.conditions))) == tc.accounts
	fixture.verdict(scope.reaches_beyond_owner(fixture.key_with([]), _under(tc.conditions))) == tc.beyond
}

_reach_under_denies := {
	"an organization": {
		"denies": [_except("aws:PrincipalOrgID", ["o-1"])],
		"accounts": truth.no, "beyond": truth.yes, "own": truth.no,
	},
	"another account": {
		"denies": [_except("aws:PrincipalAccount", [fixture.owner, fixture.other])],
		"accounts": truth.yes, "beyond": truth.yes, "own": truth.yes,
	},
	"the owner alone": {
		"denies": [_except("aws:PrincipalAccount", [fixture.owner])],
		"accounts": truth.no, "beyond": truth.no, "own": truth.yes,
	},
	"the owner, or an organization": {
		"denies": [object.union(
			_except("aws:PrincipalOrgID", ["o-1"]),
			{"conditions": array.concat(
				_except("aws:PrincipalOrgID", ["o-1"]).conditions,
				_not_account([fixture.owner]),
			)},
		)],
		"accounts": truth.no, "beyond": truth.yes, "own": truth.yes,
	},
	"an organization, of other actions": {
		"denies": [object.union(_except("aws:PrincipalOrgID", ["o-1"]), {"covers": ["Encrypt"]})],
		"accounts": truth.no, "beyond": truth.no, "own": truth.no,
	},
	"an organization, for one role": {
		"denies": [object.union(
			_except("aws:PrincipalOrgID", ["o-1"]),
			{"principals": [fixture.role(fixture.owner, "app")]},
		)],
		"accounts": truth.no, "beyond": truth.no, "own": truth.no,
	},
	"addresses": {
		"denies": [fixture.deny([fixture.everyone], ["kms:*"], [fixture.condition("NotIpAddress", "aws:SourceIp", ["192.0.2.0/24"])])],
		"accounts": truth.no, "beyond": truth.no, "own": truth.no,
	},
}

_except(key, values) := fixture.deny([fixture.everyone], ["kms:*"], [fixture.condition("StringNotEquals", key, values)])

test_deny_for_everyone_restricts[note] if {
	some note, tc in _reach_under_denies
	statement := fixture.allow([fixture.everyone], ["kms:Decrypt"], [])
	key := fixture.key_with(array.concat([statement], tc.denies))
	fixture.verdict(scope.reaches_other_accounts(key, statement)) == tc.accounts
	fixture.verdict(scope.reaches_beyond_owner(key, statement)) == tc.beyond
	fixture.verdict(scope.reaches_owner(key, statement)) == tc.own
}

test_owner_only[note] if {
	some note, tc in _reach
	_owner_only(_under(tc.conditions)) == tc.owner
}

_owner_only(statement) if scope.is_owner_only(statement)

else := false

_applies(principal, conditions) := scope.deny_applies(fixture.deny([fixture.everyone], ["kms:*"], conditions), principal)

_not_account(values) := [fixture.condition("StringNotEquals", "kms:CallerAccount", values)]

_not_arn(values) := [fixture.condition("ArnNotLike", "aws:PrincipalArn", values)]

_service := fixture.service("s3.amazonaws.com")

_session := object.union(fixture.role(fixture.owner, "admin"), {
	"kind": "assumed-role",
	"text": "arn:aws:sts::111122223333:assumed-role/admin/me",
})

test_deny_applies[note] if {
	some note, tc in {
		"without conditions": _applies(fixture.everyone, []),
		"as a restriction": _applies(fixture.everyone, _not_account([fixture.owner])),
		"as a restriction of ARNs": _applies(fixture.everyone, _not_arn([_admin])),
		"as a restriction of an organization, with IfExists": _applies(
			fixture.everyone,
			[fixture.condition("StringNotEqualsIfExists", "aws:PrincipalOrgID", ["o-1"])],
		),
		"as a restriction of networks": _applies(
			fixture.everyone,
			[fixture.condition("NotIpAddress", "aws:SourceIp", ["10.0.0.0/8"])],
		),
		"as a perimeter that lets services through": _applies(fixture.everyone, [
			fixture.condition("StringNotEqualsIfExists", "aws:PrincipalOrgID", [fixture.whole("var.org")]),
			fixture.condition("StringNotEqualsIfExists", "aws:PrincipalAccount", [fixture.other]),
			fixture.condition("BoolIfExists", "aws:PrincipalIsAWSService", ["false"]),
		]),
		"to a service, as a restriction": _applies(
			_service,
			[fixture.condition("StringNotEquals", "aws:SourceAccount", [fixture.owner])],
		),
		"to a service, as a restriction for services": _applies(_service, [
			fixture.condition("StringNotEqualsIfExists", "aws:SourceOrgID", ["o-1"]),
			fixture.condition("Bool", "aws:PrincipalIsAWSService", ["true"]),
		]),
		"to another account": _applies(fixture.other_root, _not_account([fixture.owner])),
		"to another account, services exempted": _applies(fixture.other_root, array.concat(
			_not_account([fixture.owner]),
			[fixture.condition("Bool", "aws:PrincipalIsAWSService", ["false"])],
		)),
		"to a role that is not exempt": _applies(fixture.role(fixture.owner, "app"), _not_arn([_admin])),
		"to the root, where another account is exempt": _applies(
			fixture.owner_root,
			_not_arn(["arn:aws:iam::444455556666:role/admin"]),
		),
		"to an account that is named": _applies(
			fixture.owner_root,
			[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])],
		),
		"to a role that is named": _applies(
			fixture.role(fixture.owner, "admin"),
			[fixture.condition("ArnLike", "aws:PrincipalArn", [_admin])],
		),
		"to all ARNs": _applies(fixture.owner_root, [fixture.condition("ArnLike", "aws:PrincipalArn", ["*"])]),
		"to all, where a star is a character": _applies(
			fixture.role(fixture.owner, "admin"),
			[fixture.condition("StringNotEquals", "aws:PrincipalArn", ["*", "arn:aws:iam::111122223333:role/*"])],
		),
	}
	tc == truth.yes
}

test_deny_does_not_apply[note] if {
	some note, tc in {
		"under a positive operator": _applies(
			fixture.everyone,
			[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.other])],
		),
		"under a condition that takes in a part of the account": _applies(
			fixture.owner_root,
			[fixture.condition("ArnLike", "aws:PrincipalArn", [_admin])],
		),
		"under a condition for others": _applies(
			fixture.role(fixture.owner, "app"),
			[fixture.condition("ArnLike", "aws:PrincipalArn", [_admin])],
		),
		"to everyone, under a condition for some": _applies(
			fixture.everyone,
			[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])],
		),
		"under another condition": _applies(
			fixture.everyone,
			array.concat(_not_account([fixture.owner]), [fixture.condition("Bool", "aws:SecureTransport", ["false"])]),
		),
		"under another condition, to one": _applies(
			fixture.owner_root,
			[fixture.condition("Bool", "aws:SecureTransport", ["false"])],
		),
		"where calls through services pass": _applies(
			fixture.everyone,
			array.concat(_not_account([fixture.owner]), [fixture.condition("Bool", "aws:ViaAWSService", ["false"])]),
		),
		"where all are exempt": _applies(fixture.everyone, _not_arn([_admin, "*"])),
		"where who has no organization is exempt": _applies(
			fixture.everyone,
			[fixture.condition("ForAnyValue:StringNotLike", "aws:PrincipalOrgPaths", ["o-1/*"])],
		),
		"to services, which it exempts": _applies(_service, [
			fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"]),
			fixture.condition("Bool", "aws:PrincipalIsAWSService", ["false"]),
		]),
		"to everyone, when it is for services": _applies(fixture.everyone, [
			fixture.condition("StringNotEquals", "aws:SourceOrgID", ["o-1"]),
			fixture.condition("Bool", "aws:PrincipalIsAWSService", ["true"]),
		]),
		"to the exempt account": _applies(fixture.other_root, _not_account([fixture.other])),
		"to the exempt role": _applies(fixture.role(fixture.owner, "admin"), _not_arn([_admin])),
		"to an exempt role under a pattern": _applies(
			fixture.role(fixture.owner, "admin"),
			_not_arn(["arn:aws:iam::*:role/adm*"]),
		),
		"to the root of an exempt role": _applies(fixture.owner_root, _not_arn([_admin])),
		"to one in an organization": _applies(
			fixture.other_root,
			[fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"])],
		),
	}
	tc == truth.no
}

test_deny_applies_unknown[note] if {
	some note, tc in {
		"an unknown condition": _applies(fixture.everyone, [fixture.unknown_condition]),
		"an unknown condition, to one": _applies(fixture.owner_root, [fixture.unknown_condition]),
		"an unknown exemption under Like": _applies(fixture.everyone, _not_arn([fixture.whole("var.arn")])),
		"whether it is for services": _applies(fixture.everyone, array.concat(
			_not_account([fixture.owner]),
			[fixture.condition("Bool", "aws:PrincipalIsAWSService", [fixture.whole("var.x")])],
		)),
		"a role that may be named": _applies(
			object.union(fixture.role(fixture.owner, "app"), {"kind": "iam"}),
			[fixture.condition("ArnLike", "aws:PrincipalArn", [_admin])],
		),
		"an unknown account, to one": _applies(
			fixture.owner_root,
			_not_account([fixture.whole_account("var.account")]),
		),
		"an unknown ARN, to one": _applies(fixture.owner_root, _not_arn([fixture.whole("var.arn")])),
		"an unknown name of a role": _applies(
			fixture.role(fixture.owner, "admin"),
			_not_arn([object.union(fixture.part("arn:aws:iam::111122223333:role/⟨var.name⟩"), {
				"account": fixture.owner,
				"relation": "owner",
			})]),
		),
		"a role of an unknown name": _applies(
			object.union(
				fixture.role(fixture.owner, "⟨var.name⟩"),
				{"partlyUnknown": true},
			),
			_not_arn([_admin]),
		),
		"a session, whose role is not shown in full": _applies(_session, _not_arn([_admin])),
	}
	truth.is_unknown(tc)
}

test_excludes_owner[note] if {
	some note, tc in {
		"another account": {
			"condition": fixture.condition("StringEquals", "kms:CallerAccount", [fixture.other]),
			"want": truth.yes,
		},
		"the owner too": {
			"condition": fixture.condition("StringEquals", "kms:CallerAccount", [fixture.other, fixture.owner]),
			"want": truth.no,
		},
		"an organization": {
			"condition": fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
			"want": truth.no,
		},
		"no restriction": {
			"condition": fixture.condition("StringLike", "aws:PrincipalArn", ["*"]),
			"want": truth.no,
		},
		"never matching": {"condition": fixture.condition("StringEquals", "aws:SourceVpce", ["*"]), "want": truth.yes},
		"an unknown account": {
			"condition": fixture.condition("StringEquals", "kms:CallerAccount", [fixture.whole_account("var.a")]),
			"want": "unknown",
		},
		"a pattern": {
			"condition": fixture.condition("StringLike", "kms:CallerAccount", ["4444*"]),
			"want": "unknown",
		},
		"an unknown condition": {"condition": fixture.unknown_condition, "want": "unknown"},
	}
	fixture.verdict(scope.excludes_owner(tc.condition)) == tc.want
}

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
		"another operator": {
			"condition": fixture.condition("Bool", "aws:PrincipalArn", ["true"]),
			"want": "Bool does not limit aws:PrincipalArn to fixed values",
		},
	}
	scope.why_not(tc.condition, scope.keys, "does not identify the caller") == tc.want
	scope.restricts(tc.condition) == truth.no
}

test_why_not_needs_a_condition_that_does_not_restrict[note] if {
	some note, condition in {
		"restricting": fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"]),
		"unknown value": fixture.condition("ArnLike", "aws:PrincipalArn", [fixture.whole("var.arn")]),
		"unknown condition": fixture.unknown_condition,
	}
	not scope.why_not(condition, scope.keys, "does not identify the caller")
}

test_unrestricted if {
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
