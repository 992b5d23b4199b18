package kms.lib.identity_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.identity
import data.kms.lib.truth

_target(kind) := {"text": $"<{kind}>", "kind": kind, "location": fixture.at("/target")}

_statement(actions, kinds, changes) := object.union(
	fixture.statement({"actions": actions, "principals": [], "targets": [_target(kind) | some kind in kinds]}),
	changes,
)

_holder(statements) := {
	"id": "policy",
	"resource": "aws_iam_policy.main",
	"state": "resolved",
	"statements": statements,
}

_verdict(statement, others) := identity.gives_on_every_key(
	_holder(array.concat([statement], others)),
	statement,
	"Decrypt",
)

_alone(kinds, changes) := _verdict(_statement(["kms:Decrypt"], kinds, changes), [])

_every(text) := object.union(_target("every-key"), {"text": text})

_on(targets, changes) := _alone([], object.union({"targets": targets}, changes))

_next_to_deny_on(target) := _verdict(
	_statement(["kms:Decrypt"], ["every-key"], {}),
	[_statement(["kms:*"], [], {"effect": "Deny", "targets": [target]})],
)

_as_boundary := identity.gives_on_every_key(
	object.union(_holder([statement]), {"onlyBoundary": true}),
	statement,
	"Decrypt",
) if {
	statement := _statement(["kms:Decrypt"], ["every-key"], {})
}

_under(operator, key, values) := _alone(["every-key"], {"conditions": [fixture.condition(operator, key, values)]})

_beside(denied, kinds, conditions) := _verdict(
	_statement(["kms:Decrypt"], ["every-key"], {}),
	[_statement(denied, kinds, {"effect": "Deny", "conditions": conditions})],
)

test_given_on_every_key[note] if {
	some note, verdict in {
		"every key": _alone(["key", "every-key"], {}),
		"all but an alias": _alone(["alias"], {"notResource": true}),
		"all but a key": _alone(["key"], {"notResource": true}),
		"all but the keys of a Region": _on([_every("arn:aws:kms:eu-west-1:111122223333:key/*")], {"notResource": true}),
		"by the alias of the request": _under("StringEquals", "kms:RequestAlias", ["alias/orders"]),
		"by the names in an encryption context": _under("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", ["app"]),
		"next to a Deny on the keys of a Region": _next_to_deny_on(_every("arn:aws:kms:eu-west-1:111122223333:key/*")),
		"under a condition that confines nothing": _under("Bool", "aws:MultiFactorAuthPresent", ["true"]),
		"under a star": _under("StringLike", "kms:ViaService", ["*"]),
		"under IfExists": _under("StringEqualsIfExists", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		"under a negated operator": _under("StringNotEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
		"next to a Deny of something else": _beside(["kms:Encrypt"], ["every-key"], []),
		"next to a Deny on a key": _beside(["kms:Decrypt"], ["key"], []),
		"next to a Deny under a condition": _beside(
			["kms:*"], ["every-key"],
			[fixture.condition("Bool", "aws:SecureTransport", ["false"])],
		),
	}
	verdict == truth.yes
}

test_not_given[note] if {
	some note, verdict in {
		"some keys": _alone(["key"], {}),
		"nothing of KMS": _alone(["other"], {}),
		"a Deny": _alone(["every-key"], {"effect": "Deny"}),
		"all but the keys of all Regions": _on([_every("arn:aws:kms:*:111122223333:key/*")], {"notResource": true}),
		"nothing": _alone(["every-key"], {"notResource": true}),
		"another action": _verdict(_statement(["kms:Encrypt"], ["every-key"], {}), []),
		"through a service": _under("StringLike", "kms:ViaService", ["s3.*.amazonaws.com"]),
		"by an alias": _under("ForAnyValue:StringEquals", "kms:ResourceAliases", ["alias/orders"]),
		"by a tag": _under("StringEquals", "aws:ResourceTag/team", ["orders"]),
		"by an encryption context": _under("StringEquals", "kms:EncryptionContext:app", ["orders"]),
		"in an account": _under("StringEqualsIfExists", "aws:ResourceAccount", [fixture.owner]),
		"a condition that never matches": _under("StringEquals", "kms:ViaService", []),
		"next to a Deny": _beside(["kms:*"], ["every-key"], []),
		"next to a Deny on all but a key": _verdict(
			_statement(["kms:Decrypt"], ["every-key"], {}),
			[_statement(["kms:*"], ["key"], {"effect": "Deny", "notResource": true})],
		),
		"the keys of a Region, next to a Deny on them": _verdict(
			_statement(["kms:Decrypt"], [], {"targets": [_target("key"), _every("arn:aws:kms:eu-west-1:111122223333:key/*")]}),
			[_statement(["kms:*"], [], {"effect": "Deny", "targets": [_every("arn:aws:kms:eu-west-1:111122223333:key/*")]})],
		),
		"as a permissions boundary": _as_boundary,
		"next to a Deny of what is not through a service": _beside(
			["kms:Decrypt"], ["every-key"],
			[fixture.condition("StringNotEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])],
		),
	}
	verdict == truth.no
}

test_unknown[note] if {
	some note, verdict in {
		"resource": _alone(["unknown"], {}),
		"NotResource": _alone(["unknown"], {"notResource": true}),
		"Resource of a Deny": _beside(["kms:*"], ["unknown"], []),
		"effect": _alone(["every-key"], {"effect": fixture.unknown("var.effect")}),
		"action": _alone(["every-key"], {"covers": [], "mayCover": ["Decrypt"]}),
		"condition": _alone(["every-key"], {"conditions": [fixture.unknown_condition]}),
		"Deny under an unknown condition": _beside(["kms:*"], ["every-key"], [fixture.unknown_condition]),
	}
	truth.is_unknown(verdict)
}

test_full_access[note] if {
	some note, tc in {
		"kms:*": {"actions": ["kms:*"], "want": truth.yes},
		"a star": {"actions": ["*"], "want": truth.yes},
		"some": {"actions": ["kms:Decrypt", "kms:Put*"], "want": truth.no},
	}
	statement := _statement(tc.actions, ["every-key"], {})
	identity.full_access(_holder([statement]), statement) == tc.want
}

test_no_full_access_if_a_key_is_exempt if {
	statement := _statement(["kms:*"], ["key"], {"notResource": true})
	identity.full_access(_holder([statement]), statement) == truth.no
}

test_full_access_next_to_a_deny_of_one_action if {
	statement := _statement(["kms:*"], ["every-key"], {})
	deny := _statement(["kms:ScheduleKeyDeletion"], ["every-key"], {"effect": "Deny"})
	identity.full_access(_holder([statement, deny]), statement) == truth.yes
}

test_statements_of_readable_policies if {
	statement := _statement(["kms:*"], ["every-key"], {})
	unread := object.union(_holder([statement]), {"state": "unresolved"})
	doc := {"identityPolicies": [_holder([statement]), unread]}
	found := identity.statements with input as doc
	count(found) == 1
	found[0][0].state == "resolved"
	not identity.is_resolved(unread)
	identity.is_resolved(_holder([]))
}

test_name[note] if {
	some note, tc in {
		"place": {"holder": {}, "statement": {}, "want": "1"},
		"sid": {"holder": {}, "statement": {"sid": "Read"}, "want": "\"Read\""},
		"of a named policy": {"holder": {"name": "kms"}, "statement": {"sid": ""}, "want": "1 of policy kms"},
	}
	statement := _statement(["kms:*"], ["every-key"], tc.statement)
	holder := object.union(_holder([]), tc.holder)
	identity.subject(holder, statement) == $"Statement {tc.want}"
	identity.statement(holder, statement) == $"statement {tc.want}"
}
