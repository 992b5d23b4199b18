package kms.rules.root_access_missing_test

import data.kms.facts
import data.kms.lib.fixture_test as fixture
import data.kms.rules.root_access_missing as rule

# By level: the messages of the rule for a key with these statements.
_fail(statements) := {[object.get(finding, "level", ""), finding.message] | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_nothing := {["error", "The key policy allows the account root principal no action without conditions; kms:* is required."]}

_unsure(cause) := {$"Cannot tell whether the key policy allows the account root principal kms:* without conditions: {cause}."}

_root(changes) := object.union(fixture.statement({}), changes)

_actions(actions) := fixture.statement({"actions": actions})

test_fails[note] if {
	some note, statements in {
		"no statement": [],
		"a role": [_root({"principals": [fixture.role(fixture.owner, "admin")]})],
		"a user of the name root": [_root({"principals": [fixture.user(fixture.owner, "root")]})],
		"another account": [_root({"principals": [fixture.other_root]})],
		"conditions that some requests do not meet": [fixture.reaching(_root({}), {"owner": true})],
		"another key": [_root({"matchesKey": "no"})],
		"NotPrincipal": [_root({"notPrincipal": true})],
		"a Deny": [_root({"effect": "Deny"})],
	}
	_fail(statements) == _nothing
	_unknown(statements) == set()
}

test_fails_as_a_warning_while_the_root_keeps_the_policy if {
	_fail([_actions(["kms:C*", "kms:D*", "kms:E*", "kms:G*", "kms:I*", "kms:L*", "kms:P*", "kms:R*", "kms:S*", "kms:T*", "kms:U*"])]) == {[
		"warning",
		"The key policy allows the account root principal only part of kms:* without conditions: it omits kms:Verify and kms:VerifyMac.",
	]}
}

test_fails_as_an_error_if_it_does_not if {
	_fail([_actions(["kms:Decrypt", "kms:GetKeyPolicy"])]) == {[
		"error",
		"The key policy allows the account root principal only part of kms:* without conditions: it omits kms:CancelKeyDeletion, kms:CreateAlias, kms:CreateGrant, kms:Decapsulate and 41 more.",
	]}
}

test_points_at_the_policy if {
	some finding in rule.fail with input as fixture.document_with([])
	finding.location == fixture.at("/key/policy")
}

test_passes[note] if {
	some note, statements in {
		"the default policy": [_root({})],
		"everything of every service": [_actions(["*"])],
		"by the bare account id": [_root({"principals": [object.union(fixture.owner_root, {"text": fixture.owner})]})],
		"a union of statements": [
			_actions(["kms:C*", "kms:D*", "kms:E*", "kms:G*", "kms:I*", "kms:L*", "kms:P*"]),
			_actions(["kms:R*", "kms:S*", "kms:T*", "kms:U*", "kms:V*"]),
		],
		"all but what only IAM gives": [fixture.statement({"notAction": true, "actions": ["kms:CreateKey", "kms:List*ses"]})],
		"among others": [_root({"principals": [fixture.other_root, fixture.owner_root]})],
		"a malformed account id": [_root({"principals": [object.union(
			fixture.root("1111"),
			{"invalidReason": "1111 is not an account id"},
		)]})],
		"everyone": [_root({"principals": [fixture.everyone]})],
		"Deny statements": [_root({}), fixture.deny([fixture.everyone], ["kms:*"], [])],
	}
	_fail(statements) == set()
	_unknown(statements) == set()
}

test_passes_a_key_without_a_policy if {
	every state in ["absent", "unresolved", "unreadable"] {
		key := fixture.with_policy({"state": state})
		rule.fail == set() with input as fixture.document([key], [])
		rule.unknown == set() with input as fixture.document([key], [])
	}
}

test_unknown[note] if {
	some note, statements in {
		"account": [_root({"principals": [fixture.unknown_root]})],
		"principal": [_root({"principals": [fixture.unknown_principal("AWS", "var.p")]})],
		"what principal of the owner": [_root({"principals": [object.union(
			fixture.role(fixture.owner, "x"),
			{"kind": "iam"},
		)]})],
		"effect": [_root({"effect": fixture.unknown("var.effect")})],
		"resource": [_root({"matchesKey": "unknown"})],
		"action": [_root({"covers": [], "mayCover": fixture.statement({}).covers})],
		"doubt": [fixture.reaching(_root({}), {"owner": true, "always": fixture.doubt})],
	}
	_fail(statements) == set()
	_unknown(statements) == _unsure(object.get(fixture.causes, note, "the principal arn:aws:iam::111122223333:role/x is unknown"))
}

test_unknown_if_there_are_more_statements if {
	more := {"reason": "the module is not here", "expression": "module.policy.statements"}
	key := fixture.with_policy({"hasUnknownStatements": true, "unknown": more, "statements": [_actions(["kms:Decrypt"])]})
	rule.fail == set() with input as fixture.document([key], [])
	{finding.message | some finding in rule.unknown} == _unsure("`module.policy.statements` is unknown (the module is not here)") with input as fixture.document([key], [])
}

test_passes_if_the_known_statements_suffice if {
	key := fixture.with_policy({"hasUnknownStatements": true, "unknown": {"reason": "", "expression": "x"}, "statements": [_root({})]})
	rule.fail == set() with input as fixture.document([key], [])
	rule.unknown == set() with input as fixture.document([key], [])
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_root({"principals": [fixture.unknown_root]})]})
	rule.unknown == set() with input as fixture.document([key], [])
}

test_unknown_causes_leave_out_what_is_certain if {
	sure := _actions(["kms:D*", "kms:G*"])
	doubtful := object.union(_root({}), {"access": [
		{"principals": [0], "actions": ["Decrypt"], "always": [{"clause": "another value is unknown"}]},
		{"principals": [0], "actions": [a | some a in facts.key_policy_actions; not regex.match(`^[DG]`, a)], "always": fixture.doubt},
	]})
	_unknown([sure, doubtful]) == _unsure(fixture.causes.doubt)
}
