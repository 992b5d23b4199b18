package kms.rules.service_principal_unscoped_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.service_principal_unscoped as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_s3 := fixture.service("s3.amazonaws.com")

_allow(actions, conditions) := fixture.allow([_s3], actions, conditions)

_under(operator, key, values) := _allow(["kms:Decrypt"], [fixture.condition(operator, key, values)])

_decrypts := "Statement 1 allows s3.amazonaws.com kms:Decrypt without a condition that names the source account or resource."

test_fails[note] if {
	some note, statement in {
		"no condition": _allow(["kms:Decrypt"], []),
		"next to exempt actions": _allow(["kms:Decrypt", "kms:DescribeKey"], []),
		"next to grants for AWS resources": fixture.reaching_by_action(
			_allow(["kms:Decrypt", "kms:CreateGrant"], []),
			[{"actions": ["Decrypt"], "anySource": true}, {"actions": ["CreateGrant"], "granted": true}],
		),
	}
	_fail([statement]) == {_decrypts}
}

test_fails_and_says_why_a_condition_does_not_restrict_access[note] if {
	some note, tc in {
		"no condition": {"statement": _allow(["kms:Decrypt"], []), "want": ""},
		"via a service": {
			"statement": _under("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
			"want": ` The condition StringEquals kms:ViaService "s3.eu-west-1.amazonaws.com" does not restrict access: kms:ViaService does not name the source account or resource.`,
		},
		"any source": {
			"statement": _under("ArnLike", "aws:SourceArn", ["*"]),
			"want": ` The condition ArnLike aws:SourceArn "*" does not restrict access: a value matches everything.`,
		},
	}
	_fail([tc.statement]) == {$"{_decrypts}{tc.want}"}
}

test_fails_for_grants_of_any_kind if {
	_fail([_allow(["kms:CreateGrant"], [])]) == {"Statement 1 allows s3.amazonaws.com kms:CreateGrant without a condition that names the source account or resource."}
}

test_fails_once_for_the_services_of_a_statement if {
	services := [_s3, fixture.service("events.amazonaws.com"), fixture.service("sqs.amazonaws.com"), fixture.owner_root]
	_fail([fixture.allow(services, ["kms:*"], [])]) == {"Statement 1 allows s3.amazonaws.com and sqs.amazonaws.com kms:* without a condition that names the source account or resource."}
}

test_names_only_the_actions_of_the_services if {
	events := fixture.service("events.amazonaws.com")
	statement := object.union(
		fixture.allow([_s3, events], ["kms:Decrypt", "kms:Encrypt"], []),
		{"access": [
			{"principals": [0], "actions": ["Decrypt"], "anySource": true},
			{"principals": [1], "actions": ["Encrypt"], "anySource": true},
		]},
	)
	_fail([statement]) == {_decrypts}
}

test_passes[note] if {
	some note, statement in {
		"a source": fixture.reaching(_allow(["kms:Decrypt"], []), {"granted": true}),
		"nothing left": fixture.reaching(_allow(["kms:Decrypt"], []), {}),
		"exempt actions": _allow(["kms:Describe*", "kms:GetPublicKey", "kms:GetKeyRotationStatus"], []),
		"EventBridge": fixture.allow([fixture.service("events.amazonaws.com")], ["kms:Decrypt"], []),
		"EventBridge, perhaps": object.union(
			fixture.allow([fixture.service("events.amazonaws.com")], ["kms:Decrypt"], []),
			{"effect": fixture.unknown("var.effect")},
		),
		"no service": fixture.allow([fixture.owner_root, fixture.everyone], ["kms:*"], []),
		"a Deny": fixture.deny([_s3], ["kms:Decrypt"], []),
		"another key": object.union(_allow(["kms:Decrypt"], []), {"matchesKey": "no"}),
		"NotPrincipal": object.union(_allow(["kms:Decrypt"], []), {"notPrincipal": true}),
	}
	_fail([statement]) == set()
	_unknown([statement]) == set()
}

test_unknown[note] if {
	some note, tc in {
		"effect": {
			"statement": object.union(_allow(["kms:Decrypt"], []), {"effect": fixture.unknown("var.effect")}),
			"want": fixture.causes.effect,
		},
		"resource": {"statement": object.union(_allow(["kms:Decrypt"], []), {"matchesKey": "unknown"}), "want": fixture.causes.resource},
		"actions": {
			"statement": object.union(_allow(["kms:DescribeKey"], []), {"mayCover": ["Decrypt"]}),
			"want": fixture.causes.action,
		},
		"source": {
			"statement": fixture.reaching(_allow(["kms:Decrypt"], []), {"anySource": fixture.doubt}),
			"want": fixture.causes.doubt,
		},
		"the service": {
			"statement": fixture.allow([fixture.service("⟨var.service⟩")], ["kms:Decrypt"], []),
			"want": "`var.service` is unknown",
		},
		"all principals": {
			"statement": fixture.allow([fixture.unknown_principal("*", "var.p")], ["kms:Decrypt"], []),
			"want": fixture.causes.principal,
		},
	}
	_fail([tc.statement]) == set()
	some message in _unknown([tc.statement])
	startswith(message, "Cannot tell whether statement 1 allows the service ")
	endswith(message, $" to use the key for any source account or resource: {tc.want}.")
}

test_passes_unknown_principal_that_is_no_service if {
	_unknown([fixture.allow([fixture.unknown_principal("AWS", "var.p")], ["kms:Decrypt"], [])]) == set()
}

test_fails_for_a_service_with_an_unknown_part if {
	logs := fixture.service("logs.⟨var.region⟩.amazonaws.com")
	_fail([fixture.allow([logs], ["kms:Decrypt"], [])]) == {"Statement 1 allows logs.⟨var.region⟩.amazonaws.com kms:Decrypt without a condition that names the source account or resource."}
}

test_partial_policies_are_never_unknown if {
	statement := fixture.reaching(_allow(["kms:Decrypt"], []), {"anySource": fixture.doubt})
	key := fixture.with_policy({"state": "partial", "statements": [statement]})
	rule.unknown == set() with input as fixture.document([key], [])
}

test_services_are_configured if {
	settings := {"service_principal_unscoped": {"services": ["s3.amazonaws.com"]}}
	_fail([_allow(["kms:Decrypt"], [])]) == set() with data.keywarden.settings as settings
	count(_fail([fixture.allow([fixture.service("events.amazonaws.com")], ["kms:Decrypt"], [])])) == 1 with data.keywarden.settings as settings
}
