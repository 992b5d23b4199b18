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

_open(changes) := object.union(fixture.statement({"principals": [fixture.everyone]}), changes)

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
		"some of its actions": {
			"statements": [fixture.reaching_by_action(
				fixture.allow([fixture.everyone], ["kms:Decrypt", "kms:Encrypt"], []),
				[{"actions": ["Decrypt"], "public": true}, {"actions": ["Encrypt"], "owner": true}],
			)],
			"want": "Statement 1 allows everyone (*) kms:Decrypt, and no condition restricts access.",
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
	some note, statement in {
		"the default policy": fixture.statement({}),
		"a Deny": _open({"effect": "Deny"}),
		"a restriction": fixture.reaching(_open({}), {"owner": true, "external": true, "beyondOwner": true}),
		"a restriction of an unknown principal": fixture.reaching(
			_open({"principals": [fixture.unknown_principal("AWS", "var.p")]}),
			{"owner": true},
		),
		"nothing left": fixture.reaching(_open({}), {}),
		"another key": _open({"matchesKey": "no"}),
		"NotPrincipal, which another rule judges": _open({"notPrincipal": true}),
		"no KMS action": _open({"covers": []}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown[note] if {
	some note, tc in {
		"effect": {"statement": _open({"effect": fixture.unknown("var.effect")}), "want": fixture.causes.effect},
		"resource": {"statement": _open({"matchesKey": "unknown"}), "want": fixture.causes.resource},
		"actions": {"statement": _open({"covers": [], "mayCover": ["Decrypt"]}), "want": fixture.causes.action},
		"a restriction": {"statement": fixture.reaching(_open({}), {"public": fixture.doubt}), "want": fixture.causes.doubt},
		"principal": {
			"statement": _open({"principals": [fixture.unknown_principal("AWS", "var.p")]}),
			"want": fixture.causes.principal,
		},
	}
	_fail([tc.statement]) == set()
	_unknown([tc.statement]) == {$"Cannot tell whether statement 1 allows everyone to use the key: {tc.want}."}
}

test_partial_policies_fail_and_are_never_unknown if {
	key := fixture.with_policy({
		"state": "partial",
		"statements": [_open({}), _open({"index": 1, "matchesKey": "unknown"})],
	})
	count(rule.fail) == 1 with input as fixture.document([key], [])
	rule.unknown == set() with input as fixture.document([key], [])
}
