package kms.rules.iam_full_access_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.iam_full_access as rule

_document(actions, kind, changes) := object.union(fixture.document([], []), {"identityPolicies": [{
	"id": "policy",
	"resource": "aws_iam_policy.main",
	"type": "aws_iam_policy",
	"scope": "plan",
	"location": fixture.at("/policy"),
	"locations": {},
	"defaults": [],
	"state": object.get(changes, "state", "resolved"),
	"statements": [object.union(
		fixture.statement({
			"sid": "Ops",
			"actions": actions,
			"principals": [],
			"targets": [{"text": "⟨var.arn⟩", "kind": kind, "location": fixture.at("/target")}],
		}),
		object.remove(changes, ["state"]),
	)],
}]})

test_fails[note] if {
	some note, doc in {
		"kms:*": _document(["kms:*"], "every-key", {}),
		"a star": _document(["*"], "every-key", {}),
		"all but others": _document(["iam:*"], "every-key", {"notAction": true, "covers": data.kms.facts.actions}),
		"of a policy read in parts": _document(["kms:*"], "every-key", {"state": "partial"}),
	}
	messages := {finding.message | some finding in rule.fail} with input as doc
	messages == {"Statement \"Ops\" allows every AWS KMS action on every key without a condition that restricts access."}
	count(rule.unknown) == 0 with input as doc
}

test_passes[note] if {
	some note, doc in {
		"some keys": _document(["kms:*"], "key", {}),
		"some actions": _document(["kms:Decrypt"], "every-key", {}),
		"Deny": _document(["kms:*"], "every-key", {"effect": "Deny"}),
		"confined": _document(["kms:*"], "every-key", {"conditions": [fixture.condition(
			"StringEquals",
			"aws:ResourceTag/team",
			["ops"],
		)]}),
		"unknown, of a policy read in parts": _document(["kms:*"], "unknown", {"state": "partial"}),
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

test_unknown[note] if {
	some note, tc in {
		"resource": {"kind": "unknown", "changes": {}, "why": "`var.arn` is unknown"},
		"effect": {
			"kind": "every-key",
			"changes": {"effect": fixture.unknown("var.effect")},
			"why": fixture.causes.effect,
		},
	}
	doc := _document(["kms:*"], tc.kind, tc.changes)
	messages := {finding.message | some finding in rule.unknown} with input as doc
	messages == {$"Cannot tell whether statement \"Ops\" allows every AWS KMS action on every key: {tc.why}."}
	count(rule.fail) == 0 with input as doc
}
