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

_admin := fixture.role(fixture.owner, "admin")

_root := fixture.statement({})

_to(principal) := fixture.allow([principal], ["kms:*"], [])

_of_owner(kind) := fixture.principal({"kind": kind, "text": kind, "account": fixture.owner, "relation": "owner"})

_deny := fixture.deny([fixture.everyone], ["kms:Put*"], [])

test_fails_if_nobody_is_allowed[note] if {
	some note, statements in {
		"no statement": [],
		"other actions": [fixture.allow([fixture.owner_root], ["kms:Decrypt"], [])],
		"another account": [_to(fixture.other_root)],
		"a service": [_to(fixture.service("s3.amazonaws.com"))],
		"a federated principal": [_to(fixture.federated("cognito-identity.amazonaws.com"))],
		"who was deleted": [_to(fixture.principal({"kind": "unique-id", "text": "AROAEXAMPLE12345678"}))],
		"everyone in another account": [fixture.reaching(_to(fixture.everyone), {"external": true})],
		"conditions that never hold": [fixture.reaching(_root, {})],
		"a Deny of another action": [fixture.reaching(_root, {}), fixture.deny([fixture.everyone], ["kms:Decrypt"], [])],
		"a Deny, but the root has other actions": [fixture.allow([fixture.owner_root], ["kms:Decrypt"], []), _deny],
		"a Deny, but nobody to take it from": [_to(fixture.other_root), _deny],
		"a Deny, but only a malformed role to take it from": [
			fixture.reaching(_to(object.union(fixture.role("1111", "a"), {"invalidReason": "1111 is not an account id"})), {}),
			_deny,
		],
		"a Deny, and a condition without values": [
			object.union(
				fixture.reaching(_root, {}),
				{"conditions": [fixture.condition("StringEquals", "kms:CallerAccount", [])]},
			),
			_deny,
		],
		"another key": [object.union(_root, {"matchesKey": "no"})],
	}
	_fail(statements) == _nobody
	_unknown(statements) == set()
}

test_fails_if_denies_take_it[note] if {
	some note, statement in {
		"from the root": _root,
		"from a role": _to(_admin),
		"from a user": _to(fixture.user(fixture.owner, "a")),
		"from a session": _to(_of_owner("assumed-role")),
		"from a federated user": _to(_of_owner("federated-user")),
		"from a user or role": _to(_of_owner("iam")),
		"from everyone": _to(fixture.everyone),
		"from a malformed root": _to(object.union(fixture.root("1111"), {"invalidReason": "1111 is not an account id"})),
		"from all but some": object.union(_to(fixture.other_root), {"notPrincipal": true}),
	}
	_fail([fixture.reaching(statement, {}), _deny]) == _denied
	_unknown([fixture.reaching(statement, {}), _deny]) == set()
}

test_passes[note] if {
	some note, statements in {
		"the root": [_root],
		"a principal of the owner": [fixture.allow([_admin], ["kms:PutKeyPolicy"], [])],
		"a user": [_to(fixture.user(fixture.owner, "a"))],
		"a malformed root": [_to(object.union(fixture.root("1111"), {"invalidReason": "1111 is not an account id"}))],
		"everyone": [_to(fixture.everyone)],
		"all but some": [object.union(_to(fixture.other_root), {"notPrincipal": true})],
		"a Deny that leaves something": [fixture.reaching(_root, {"owner": true}), _deny],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_unknown[note] if {
	some note, statement in {
		"account": _to(fixture.unknown_root),
		"principal": _to(fixture.unknown_principal("AWS", "var.p")),
		"effect": object.union(_root, {"effect": fixture.unknown("var.effect")}),
		"resource": object.union(_root, {"matchesKey": "unknown"}),
		"action": object.union(_root, {"covers": [], "mayCover": ["PutKeyPolicy"]}),
		"doubt": fixture.reaching(_root, {"owner": fixture.doubt}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == _unsure(fixture.causes[note])
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
