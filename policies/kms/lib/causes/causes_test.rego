package kms.lib.causes_test

import data.kms.lib.causes
import data.kms.lib.fixture_test as fixture

test_account[note] if {
	some note, tc in {
		"unknown": {"named": fixture.unknown_root, "want": "`var.account` is known only after apply"},
		"known, the owner is not": {
			"named": fixture.principal({"kind": "root", "text": "x", "account": fixture.other, "relation": "unknown"}),
			"want": "the account that owns the key is unknown",
		},
		"of an unknown principal": {"named": fixture.unknown_principal("AWS", "var.p"), "want": "`var.p` is unknown"},
		"of a pattern": {"named": {"text": "4444*"}, "want": "the account of 4444* is unknown"},
	}
	causes.clauses(causes.account(tc.named)) == {tc.want}
}

test_owner if {
	causes.clauses(causes.owner(fixture.unknown("var.account"))) == {"`var.account` is known only after apply"}
	causes.clauses(causes.owner(fixture.unknown(""))) == {"the account that owns the key is unknown"}
}

test_principal if {
	causes.clauses(causes.principal({"text": "⟨{{resolve:ssm:/⟨Stage⟩/id}}⟩"})) == {"`{{resolve:ssm:/${Stage}/id}}` is unknown"}
	causes.clauses(causes.principal(fixture.unknown_principal("AWS", "var.p"))) == {"`var.p` is unknown"}
	causes.clauses(causes.principal({"text": "(sensitive)"})) == {"the principal (sensitive) is unknown"}
}

test_actions if {
	statement := fixture.statement({"actions": ["kms:⟨var.verb⟩Key", "kms:Decrypt", "⟨var.action⟩"]})
	causes.clauses(causes.actions(statement)) == {"`var.verb` is unknown", "`var.action` is unknown"}
	causes.clauses(causes.actions(fixture.statement({}))) == {"an action of the statement is unknown"}
}

test_resources if {
	causes.clauses(causes.resources(fixture.statement({"resources": ["⟨var.arn⟩"]}))) == {"`var.arn` is unknown"}
	causes.clauses(causes.resources(fixture.statement({"resources": ["arn:aws:kms:eu-west-1:111122223333:key/1"]}))) == {"the ARN of the key is unknown"}
}

test_condition if {
	causes.clauses(causes.condition(fixture.unknown_condition)) == {"`var.condition` is unknown"}
	causes.clauses(causes.condition(object.union(fixture.unknown_condition, {"values": []}))) == {"a condition of the statement is unknown"}
	causes.clauses(causes.condition(fixture.condition("StringLike", "aws:PrincipalArn", ["x"]))) == {"the condition on aws:PrincipalArn is unknown"}
}

test_condition_value if {
	causes.clauses(causes.condition_value(fixture.whole_account("var.account"))) == {"`var.account` is known only after apply"}
	causes.clauses(causes.condition_value(fixture.whole("var.arn"))) == {"`var.arn` is unknown"}
	causes.clauses(causes.condition_value({"text": "(sensitive)"})) == {"the condition value (sensitive) is unknown"}
}

test_reference[note] if {
	some note, tc in {
		"unknown": {"reference": {"text": fixture.unknown("var.key"), "keys": []}, "want": "`var.key` is known only after apply"},
		"outside the input": {"reference": {"text": "mrk-1", "keys": []}, "want": "the key mrk-1 is not in the input"},
		"several keys": {"reference": {"text": "alias/a", "keys": ["a", "b"]}, "want": "alias/a may be one of several keys"},
	}
	causes.clauses(causes.reference(tc.reference)) == {tc.want}
}

test_policy if {
	causes.clauses(causes.policy(fixture.unknown("module.p"))) == {"`module.p` is known only after apply"}
	causes.clauses(causes.policy({"hasUnknownStatements": true})) == {"a statement of the policy is unknown"}
}

test_clauses[note] if {
	some note, tc in {
		"known later": {"cause": {"reason": "known only after apply", "expression": "var.x"}, "want": {"`var.x` is known only after apply"}},
		"another reason": {"cause": {"reason": "no default", "expression": "var.x"}, "want": {"`var.x` is unknown (no default)"}},
		"no reason": {"cause": {"reason": "not known", "expression": "var.x"}, "want": {"`var.x` is unknown"}},
		"no expression": {"cause": {"reason": "the file is missing", "expression": ""}, "want": {"the file is missing"}},
		"parts": {"cause": "a⟨var.a⟩:⟨var.b⟩", "want": {"`var.a` is unknown", "`var.b` is unknown"}},
		"in words": {"cause": {"clause": "the owner is unknown"}, "want": {"the owner is unknown"}},
	}
	causes.clauses({tc.cause}) == tc.want
}
