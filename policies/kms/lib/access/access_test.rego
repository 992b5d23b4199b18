package kms.lib.access_test

import data.kms.lib.access
import data.kms.lib.fixture_test as fixture
import data.kms.lib.truth

_cause := {"clause": "`var.x` is unknown"}

# The first principal is allowed Decrypt and perhaps Encrypt, the second only Sign.
_statement := object.union(
	fixture.allow([fixture.owner_root, fixture.other_root], ["kms:Decrypt", "kms:Encrypt", "kms:Sign"], []),
	{"access": [
		{"principals": [0], "actions": ["Decrypt"], "owner": true},
		{"principals": [0], "actions": ["Encrypt"], "owner": [_cause]},
		{"principals": [1], "actions": ["Sign"], "owner": true, "callers": [{"organizations": ["o-1"]}]},
	]},
)

_nobody := object.union(_statement, {"access": []})

test_truth_of_one_action if {
	access.truth_of(_statement, 0, "owner", "Decrypt") == truth.yes
	access.truth_of(_statement, 0, "owner", "Encrypt") == truth.unknown({_cause})
	access.truth_of(_statement, 0, "owner", "Sign") == truth.no
	access.truth_of(_statement, 0, "external", "Decrypt") == truth.no
}

test_any_action if {
	access.any(_statement, 0, "owner") == truth.yes
	access.any(_statement, 0, "external") == truth.no
	access.any(_nobody, 0, "owner") == truth.no
}

test_any_of_some_actions if {
	access.any_of(_statement, 0, "owner", {"Decrypt", "Encrypt"}) == truth.yes
	access.any_of(_statement, 0, "owner", {"Encrypt", "Sign"}) == truth.unknown({_cause})
	access.any_of(_statement, 0, "owner", {"Sign"}) == truth.no
}

test_every_one_of_some_actions if {
	access.every_of(_statement, 0, "owner", {"Decrypt"}) == truth.yes
	access.every_of(_statement, 0, "owner", {"Decrypt", "Encrypt"}) == truth.unknown({_cause})
	access.every_of(_statement, 0, "owner", {"Decrypt", "Sign"}) == truth.no
}

test_doubts if {
	access.doubts(_statement, 0, "owner", {"Decrypt", "Encrypt"}) == {_cause}
	access.doubts(_statement, 0, "owner", {"Decrypt"}) == set()
}

test_anyone if {
	access.anyone(_statement, "owner", "Sign") == truth.yes
	access.anyone(_statement, "owner", "Encrypt") == truth.unknown({_cause})
	access.anyone(_nobody, "owner", "Sign") == truth.no
}

test_anyone_counts_not_principal if {
	statement := fixture.statement({"notPrincipal": true})
	access.anyone(fixture.analyzed(statement), "owner", "PutKeyPolicy") == truth.yes
	access.any(fixture.analyzed(statement), 0, "owner") == truth.no
}

test_actions_with if {
	access.actions_with(_statement, 0, "owner") == {"Decrypt"}
	access.possible_actions_with(_statement, 0, "owner") == {"Decrypt", "Encrypt"}
	access.actions_with(_statement, 0, "public") == set()
	access.possible_actions_with(_statement, 0, "public") == set()
}

test_callers if {
	access.callers(_statement, 0) == []
	access.callers(_statement, 1) == [{"organizations": ["o-1"]}]
}
