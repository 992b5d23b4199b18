package kms.rules.identity_only_action_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.identity_only_action as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

test_fails if {
	_fail([fixture.statement({"actions": ["kms:ListAliases", "kms:Decrypt"]})]) == {"Statement 1 names kms:ListAliases, which has no effect in a key policy; only an IAM policy can allow or deny it."}
}

test_passes[note] if {
	some note, statement in {
		"wildcard": fixture.statement({"actions": ["kms:List*"]}),
		"action of a key": fixture.statement({"actions": ["kms:ListGrants"]}),
		"NotAction": object.union(fixture.statement({"actions": ["kms:ListKeys"]}), {"notAction": true}),
	}
	_fail([statement]) | _unknown([statement]) == set()
}
