package kms.rules.iam_alias_as_key_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.iam_alias_as_key as rule

_document(actions, targets, changes) := object.union(fixture.document([], []), {"identityPolicies": [{
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
			"sid": "App",
			"actions": actions,
			"principals": [],
			"matchesKey": "no",
			"targets": [{"text": text, "kind": kind, "location": fixture.at("/target")} | some kind, text in targets],
		}),
		object.remove(changes, ["state"]),
	)],
}]})

_alias := {"alias": "arn:aws:kms:eu-west-1:111122223333:alias/app"}

_id := "1234abcd-12ab-34cd-56ef-1234567890ab"

_end := "actions on keys match only key ARNs."

test_fails[note] if {
	some note, tc in {
		"an alias": {
			"doc": _document(["kms:Decrypt"], _alias, {}),
			"message": $"Statement \"App\" has the Resource {_alias.alias}, which is an alias ARN; {_end}",
		},
		"an alias next to a key": {
			"doc": _document(["kms:Decrypt"], _alias, {"matchesKey": "yes"}),
			"message": $"Statement \"App\" has the Resource {_alias.alias}, which is an alias ARN; {_end}",
		},
		"an alias for everything": {
			"doc": _document(["kms:*"], _alias, {}),
			"message": $"Statement \"App\" has the Resource {_alias.alias}, which is an alias ARN; {_end}",
		},
		"the name of an alias": {
			"doc": _document(["kms:Decrypt"], {"alias-name": "alias/app"}, {}),
			"message": $"Statement \"App\" has the Resource alias/app, which is an alias name; {_end}",
		},
		"an id next to a key": {
			"doc": _document(["kms:*"], {"key-id": _id}, {"matchesKey": "yes"}),
			"message": $"Statement \"App\" has the Resource {_id}, which is a key ID; {_end}",
		},
		"an id, in a Deny": {
			"doc": _document(["kms:Decrypt"], {"key-id": _id}, {"effect": "Deny"}),
			"message": $"Statement \"App\" has the Resource {_id}, which is a key ID; {_end}",
		},
	}
	{finding.message | some finding in rule.fail} == {tc.message} with input as tc.doc
	count(rule.unknown) == 0 with input as tc.doc
}

test_passes[note] if {
	some note, doc in {
		"a key": _document(["kms:Decrypt"], {"key": $"arn:aws:kms:eu-west-1:111122223333:key/{_id}"}, {}),
		"an alias for an action on aliases": _document(["kms:UpdateAlias"], _alias, {}),
		"an alias and its key, to create it": _document(["kms:Decrypt", "kms:CreateAlias"], _alias, {"matchesKey": "yes"}),
		"an alias and its key, to delete it": _document(["kms:Decrypt", "kms:DeleteAlias"], _alias, {"matchesKey": "yes"}),
		"an alias and its key for everything": _document(["kms:*"], _alias, {"matchesKey": "yes"}),
		"all but an alias": _document(["kms:Decrypt"], _alias, {"notResource": true}),
		"an action of no key": _document(["kms:ListKeys"], _alias, {}),
		"unknown, of a policy read in parts": _document(
			[], _alias,
			{"mayCover": ["Decrypt"], "state": "partial"},
		),
	}
	count(rule.fail | rule.unknown) == 0 with input as doc
}

test_unknown[note] if {
	some note, doc in {
		"action": _document([], _alias, {"mayCover": ["Decrypt"]}),
		"resource": _document(["kms:*"], _alias, {"matchesKey": "unknown"}),
	}
	messages := {finding.message | some finding in rule.unknown} with input as doc
	messages == {$"Cannot tell whether statement \"App\" has an alias ARN, {_alias.alias}, as the Resource of actions on keys: {fixture.causes[note]}."}
	count(rule.fail) == 0 with input as doc
}
