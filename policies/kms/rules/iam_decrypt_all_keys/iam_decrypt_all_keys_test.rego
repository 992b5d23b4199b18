package kms.rules.iam_decrypt_all_keys_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.iam_decrypt_all_keys as rule

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
	some note, tc in {
		"Decrypt": {"actions": ["kms:Decrypt"], "names": "kms:Decrypt"},
		"ReEncryptFrom": {"actions": ["kms:ReEncrypt*"], "names": "kms:ReEncryptFrom"},
		"both": {"actions": ["kms:Decrypt", "kms:ReEncrypt*"], "names": "kms:Decrypt and kms:ReEncryptFrom"},
	}
	doc := _document(tc.actions, "every-key", {})
	messages := {finding.message | some finding in rule.fail} with input as doc
	messages == {$"Statement \"Ops\" allows {tc.names} on every key without a condition that restricts access."}
	count(rule.unknown) == 0 with input as doc
}

test_fails_with_not_resource[note] if {
	some note, tc in {
		"a key": {"kind": "key", "keys": "every key that NotResource does not name"},
		"a bucket": {"kind": "other", "keys": "every key"},
	}
	doc := _document(["kms:ReEncryptFrom"], tc.kind, {"notResource": true})
	messages := {finding.message | some finding in rule.fail} with input as doc
	messages == {$"Statement \"Ops\" allows kms:ReEncryptFrom on {tc.keys} without a condition that restricts access."}
}

test_passes[note] if {
	some note, doc in {
		"some keys": _document(["kms:Decrypt"], "key", {}),
		"other actions": _document(["kms:Encrypt", "kms:GenerateDataKey"], "every-key", {}),
		"everything, of which iam_full_access speaks": _document(["kms:*"], "every-key", {}),
		"confined": _document(["kms:Decrypt"], "every-key", {"conditions": [fixture.condition(
			"StringEquals",
			"kms:ViaService",
			["s3.eu-west-1.amazonaws.com"],
		)]}),
		"everything, maybe": _document(["kms:*"], "unknown", {}),
		"unknown, of a policy read in parts": _document(["kms:Decrypt"], "unknown", {"state": "partial"}),
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
	doc := _document(["kms:Decrypt"], tc.kind, tc.changes)
	messages := {finding.message | some finding in rule.unknown} with input as doc
	messages == {$"Cannot tell whether statement \"Ops\" allows kms:Decrypt or kms:ReEncryptFrom on every key: {tc.why}."}
	count(rule.fail) == 0 with input as doc
}
