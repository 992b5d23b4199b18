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

test_matches_key[note] if {
	some note, tc in {
		"this key": {"statement": {}, "want": truth.yes},
		"another key": {"statement": {"matchesKey": "no"}, "want": truth.no},
		"perhaps this key": {"statement": {"matchesKey": "unknown"}, "want": truth.unknown({{"clause": fixture.causes.resource}})},
	}
	policy.matches_key(fixture.statement(tc.statement)) == tc.want
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

test_principals_have_their_positions if {
	roles := [fixture.role(fixture.owner, "a"), fixture.role(fixture.owner, "b")]
	principals := policy.principals with input as fixture.document_with([fixture.allow(roles, ["kms:Decrypt"], [])])
	[[statement.index, index, principal.text] | some [_, statement, index, principal] in principals] == [
		[0, 0, "arn:aws:iam::111122223333:role/a"],
		[0, 1, "arn:aws:iam::111122223333:role/b"],
	]
}

test_covers if {
	statement := fixture.statement({"actions": ["kms:Decrypt"], "mayCover": ["Encrypt"]})
	policy.covers(statement, "Decrypt") == truth.yes
	truth.is_unknown(policy.covers(statement, "Encrypt"))
	policy.covers(statement, "Sign") == truth.no
}

test_is_not_root[note] if {
	some note, tc in {
		"a root": {"principal": fixture.owner_root, "want": truth.no},
		"a role": {"principal": fixture.role(fixture.owner, "app"), "want": truth.yes},
		"an unknown ARN": {"principal": {"kind": "iam", "text": "⟨data.external.admin.result.arn⟩"}, "want": "unknown"},
		"an unknown name": {"principal": {"kind": "iam", "text": "arn:aws:iam::111122223333:⟨var.who⟩"}, "want": "unknown"},
	}
	fixture.verdict(policy.is_not_root(tc.principal)) == tc.want
}
