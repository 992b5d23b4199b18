package kms.lib.policy_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.policy
import data.kms.lib.truth

test_readable_are_resolved_and_partial_policies if {
	states := ["absent", "unresolved", "unreadable", "partial", "resolved"]
	keys := [fixture.with_policy({"state": state}) | some state in states]
	readable := policy.readable with input as fixture.document(keys, [])
	{key.policy.state | some key in readable} == {"partial", "resolved"}
}

test_is_resolved if {
	policy.is_resolved(fixture.with_policy({}))
	not policy.is_resolved(fixture.with_policy({"state": "partial"}))
}

test_has_effect[note] if {
	unknown := fixture.unknown("var.effect")
	some note, tc in {
		"it": {"statement": {}, "want": truth.yes},
		"the other": {"statement": {"effect": "Deny"}, "want": truth.no},
		"unknown effect": {"statement": {"effect": unknown}, "want": "unknown"},
		"on another key": {"statement": {"matchesKey": "no"}, "want": truth.no},
		"perhaps on this key": {"statement": {"matchesKey": "unknown"}, "want": "unknown"},
		"unknown effect on another key": {"statement": {"effect": unknown, "matchesKey": "no"}, "want": truth.no},
	}
	fixture.verdict(policy.has_effect(fixture.statement(tc.statement), "Allow")) == tc.want
}

test_has_full_wildcard[note] if {
	some note, tc in {
		"star": {"statement": {"actions": ["*"]}, "want": true},
		"kms star": {"statement": {"actions": ["kms:Decrypt", "KMS:*"]}, "want": true},
		"wildcards that are less": {"statement": {"actions": ["kms:*Key"]}, "want": false},
		"NotAction": {"statement": {"actions": ["kms:*"], "notAction": true}, "want": false},
	}
	_full(fixture.statement(tc.statement)) == tc.want
}

_full(statement) if policy.has_full_wildcard(statement)

else := false

test_principals_are_none_under_not_principal if {
	policy.principals(fixture.statement({})) == [fixture.owner_root]
	policy.principals(fixture.statement({"notPrincipal": true})) == []
}

test_covers if {
	statement := fixture.statement({"actions": ["kms:Decrypt"], "mayCover": ["Encrypt"]})
	policy.covers(statement, "Decrypt") == truth.yes
	truth.is_unknown(policy.covers(statement, "Encrypt"))
	policy.covers(statement, "Sign") == truth.no
}

test_same_account[note] if {
	some note, tc in {
		"one account": {"a": fixture.other_root, "b": fixture.role(fixture.other, "app"), "want": truth.yes},
		"one reference": {"a": fixture.unknown_root, "b": fixture.unknown_root, "want": truth.yes},
		"the owner by id and by symbol": {"a": fixture.owner_root, "b": fixture.self, "want": truth.yes},
		"two ids": {"a": fixture.other_root, "b": fixture.root("777788889999"), "want": truth.no},
		"owner and other": {"a": fixture.self, "b": fixture.other_root, "want": truth.no},
		"a secret id of another account": {
			"a": {"kind": "root", "relation": "external"},
			"b": fixture.self,
			"want": truth.no,
		},
		"an id and a reference": {"a": fixture.owner_root, "b": fixture.unknown_root, "want": "unknown"},
		"two references": {
			"a": fixture.unknown_role("var.a"),
			"b": fixture.unknown_role("var.b"),
			"want": "unknown",
		},
	}
	fixture.verdict(policy.same_account(tc.a, tc.b)) == tc.want
}

test_relations[note] if {
	some note, tc in {
		"owner": {"principal": fixture.owner_root, "owners": truth.yes, "external": truth.no},
		"external": {"principal": fixture.role(fixture.other, "app"), "owners": truth.no, "external": truth.yes},
		"unknown account": {"principal": fixture.unknown_root, "owners": "unknown", "external": "unknown"},
		"unknown as a whole": {
			"principal": fixture.unknown_principal("AWS", "var.p"),
			"owners": "unknown",
			"external": "unknown",
		},
		"everyone": {"principal": fixture.everyone, "owners": truth.no, "external": truth.no},
		"service": {"principal": fixture.service("s3.amazonaws.com"), "owners": truth.no, "external": truth.no},
		"invalid, though of an account": {
			"principal": object.union(fixture.other_root, {"kind": "invalid"}),
			"owners": truth.no,
			"external": truth.no,
		},
	}
	fixture.verdict(policy.is_in_owner_account(tc.principal)) == tc.owners
	fixture.verdict(policy.is_external(tc.principal)) == tc.external
}
