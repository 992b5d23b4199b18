package kms.rules.key_unmanageable_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_unmanageable as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_nobody := {"No statement allows any principal in the key's account kms:PutKeyPolicy; at least one must have it."}

_denied := {"Deny statements take kms:PutKeyPolicy away from every principal in the key's account; at least one must keep it."}

_unsure(cause) := {$"Cannot tell whether a principal in the key's account has kms:PutKeyPolicy: {cause}."}

_causes := object.union(fixture.causes, {
	"a condition on the account of everyone": "`var.a` is known only after apply",
	"a condition of everyone": fixture.causes.condition,
	"the account of a Deny": fixture.causes.account,
	"what a Deny exempts": "`var.admin` is unknown",
	"the condition of a Deny": fixture.causes.condition,
})

_admin := fixture.role(fixture.owner, "admin")

_root := fixture.statement({})

_to(principal) := _under(principal, [])

_under(principal, conditions) := fixture.allow([principal], ["kms:*"], conditions)

_account(id) := fixture.condition("StringEquals", "kms:CallerAccount", [id])

_deny(conditions) := fixture.deny([fixture.everyone], ["kms:Put*"], conditions)

_but(principals) := object.union(fixture.deny(principals, ["kms:*"], []), {"notPrincipal": true})

test_fails_if_nobody_is_allowed[note] if {
	some note, statements in {
		"no statement": [],
		"other actions": [fixture.allow([fixture.owner_root], ["kms:Decrypt"], [])],
		"another account": [_to(fixture.other_root)],
		"a service": [_to(fixture.service("s3.amazonaws.com"))],
		"a federated principal": [_to(fixture.federated("cognito-identity.amazonaws.com"))],
		"who was deleted": [_to(fixture.principal({"kind": "unique-id", "text": "AROAEXAMPLE12345678"}))],
		"everyone of another account": [_under(fixture.everyone, [_account(fixture.other)])],
		"a condition that never matches": [_under(fixture.owner_root, [_account("*")])],
		"another key": [object.union(_root, {"matchesKey": "no"})],
	}
	_fail(statements) == _nobody
	_unknown(statements) == set()
}

test_fails_if_denies_take_it[note] if {
	some note, statements in {
		"from everyone": [_root, _deny([])],
		"from the account": [_root, _to(_admin), fixture.deny([fixture.owner_root], ["kms:PutKeyPolicy"], [])],
		"from the one": [_to(_admin), fixture.deny([_admin], ["kms:PutKeyPolicy"], [])],
		"from all but another account": [_root, _but([fixture.other_root])],
		"from all but a principal of another account": [
			_root,
			_deny([fixture.condition("ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::444455556666:role/admin"])]),
		],
		"from all but a role that is not allowed it": [
			_to(_admin),
			_deny([fixture.condition("ArnNotEquals", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/other"])]),
		],
		"from all, by a star that is a character": [
			_root,
			_deny([fixture.condition("StringNotEquals", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"])]),
		],
		"from everyone that is allowed": [_to(fixture.everyone), fixture.deny([fixture.owner_root], ["kms:*"], [])],
	}
	_fail(statements) == _denied
	_unknown(statements) == set()
}

test_passes[note] if {
	some note, statements in {
		"the root": [_root],
		"the root under a condition": [_under(
			fixture.owner_root,
			[fixture.condition("Bool", "aws:MultiFactorAuthPresent", ["true"])],
		)],
		"a principal of the owner": [fixture.allow([_admin], ["kms:PutKeyPolicy"], [])],
		"a user": [_to(fixture.user(fixture.owner, "a"))],
		"a malformed root": [_to(object.union(fixture.root("1111"), {"invalidReason": "1111 is not an account id"}))],
		"everyone": [_to(fixture.everyone)],
		"everyone of the owner": [_under(fixture.everyone, [_account(fixture.owner)])],
		"everyone of an organization": [_under(
			fixture.everyone,
			[fixture.condition("StringEquals", "aws:PrincipalOrgID", ["o-1"])],
		)],
		"all but some": [object.union(_to(fixture.other_root), {"notPrincipal": true})],
		"a Deny of other actions": [_root, fixture.deny([fixture.everyone], ["kms:Decrypt"], [])],
		"a Deny of others": [_root, fixture.deny([_admin, fixture.other_root], ["kms:*"], [])],
		"a Deny of another role than the one": [_to(_admin), fixture.deny([fixture.role(fixture.owner, "a")], ["kms:*"], [])],
		"a Deny that exempts the account": [_root, _but([fixture.owner_root])],
		"a Deny that exempts a role of the account": [_root, _but([_admin])],
		"a Deny that exempts a role": [
			_root,
			_deny([fixture.condition("ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/admin*"])]),
		],
		"a perimeter": [_root, _deny([fixture.condition("StringNotEquals", "aws:PrincipalOrgID", ["o-1"])])],
		"a perimeter around the account": [
			_to(fixture.everyone),
			_deny([
				fixture.condition("StringNotEquals", "aws:PrincipalAccount", [fixture.owner]),
				fixture.condition("Bool", "aws:PrincipalIsAWSService", ["false"]),
			]),
		],
		"a Deny under another condition": [_root, _deny([fixture.condition("Bool", "aws:SecureTransport", ["false"])])],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, statements in {
		"account": [_to(fixture.unknown_root)],
		"principal": [_to(fixture.unknown_principal("AWS", "var.p"))],
		"effect": [object.union(_root, {"effect": fixture.unknown("var.effect")})],
		"resource": [object.union(_root, {"matchesKey": "unknown"})],
		"action": [object.union(_root, {"covers": [], "mayCover": ["PutKeyPolicy"]})],
		"a condition on the account of everyone": [_under(
			fixture.everyone,
			[fixture.condition("StringEquals", "kms:CallerAccount", [fixture.whole_account("var.a")])],
		)],
		"a condition of everyone": [_under(fixture.everyone, [fixture.unknown_condition])],
		"the account of a Deny": [_root, fixture.deny([fixture.unknown_root], ["kms:*"], [])],
		"what a Deny exempts": [
			_root,
			_deny([fixture.condition("ArnNotLike", "aws:PrincipalArn", [fixture.whole("var.admin")])]),
		],
		"the condition of a Deny": [_root, _deny([fixture.unknown_condition])],
	}
	_fail(statements) == set()
	_unknown(statements) == _unsure(_causes[note])
}

test_unknown_if_there_are_more_statements if {
	key := fixture.with_policy({"hasUnknownStatements": true, "unknown": {"reason": "the module is not here", "expression": "module.p"}})
	rule.fail == set() with input as fixture.document([key], [])
	{finding.message | some finding in rule.unknown} == _unsure("`module.p` is unknown (the module is not here)") with input as fixture.document([key], [])
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_to(fixture.unknown_root)]})
	rule.unknown == set() with input as fixture.document([key], [])
}
