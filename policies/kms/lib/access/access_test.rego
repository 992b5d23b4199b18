package kms.lib.access_test

import data.kms.lib.access
import data.kms.lib.fixture_test as fixture
import data.kms.lib.truth

_role := fixture.role(fixture.owner, "app")

# The truth of a statement granting a principal Decrypt, next to other statements.
_grants(principal, changes, others) := access.grants_action(key, statement, principal, "Decrypt") if {
	statement := object.union(fixture.allow([principal], ["kms:Decrypt"], []), changes)
	key := fixture.key_with(array.concat([statement], others))
}

_beside(principal, others) := _grants(principal, {}, others)

_deny(principals) := fixture.deny(principals, ["kms:*"], [])

_not(principals) := object.union(_deny(principals), {"notPrincipal": true})

_perimeter := fixture.deny(
	[fixture.everyone], ["kms:*"],
	[fixture.condition("StringNotEquals", "aws:PrincipalAccount", [fixture.owner])],
)

test_granted[note] if {
	some note, tc in {
		"an Allow": _beside(_role, []),
		"a Deny of another action": _beside(_role, [fixture.deny([fixture.everyone], ["kms:Encrypt"], [])]),
		"a Deny of another principal": _beside(_role, [_deny([fixture.role(fixture.owner, "other")])]),
		"a Deny of another account": _beside(_role, [_deny([fixture.other_root])]),
		"a Deny on another key": _beside(_role, [object.union(_deny([fixture.everyone]), {"matchesKey": "no"})]),
		"a Deny that never matches": _beside(_role, [fixture.deny(
			[fixture.everyone], ["kms:*"],
			[fixture.condition("StringEquals", "kms:CallerAccount", [])],
		)]),
		"everyone, and a Deny of one account": _beside(fixture.everyone, [_deny([fixture.other_root])]),
		"a service, and a Deny of an account": _beside(fixture.service("s3.amazonaws.com"), [_deny([fixture.unknown_root])]),
		"a Deny that exempts the role": _beside(_role, [_not([_role])]),
		"a Deny that exempts nobody less than everyone": _beside(fixture.everyone, [_not([fixture.everyone])]),
		"the root, and a Deny that exempts a role of it": _beside(fixture.owner_root, [_not([_role])]),
		"inside of a perimeter": _beside(_role, [_perimeter]),
	}
	tc == truth.yes
}

test_not_granted[note] if {
	some note, tc in {
		"a Deny": _grants(_role, {"effect": "Deny"}, []),
		"on another key": _grants(_role, {"matchesKey": "no"}, []),
		"a condition that never matches": _grants(
			_role,
			{"conditions": [fixture.condition("StringEquals", "kms:CallerAccount", ["*"])]},
			[],
		),
		"an action that no key policy gives": access.grants_action(fixture.key_with([fixture.statement({})]), fixture.statement({"covers": ["CreateKey"]}), _role, "CreateKey"),
		"another action": _grants(_role, {"covers": ["Encrypt"]}, []),
		"a Deny of it": _beside(_role, [_deny([_role])]),
		"a Deny of everyone": _beside(_role, [_deny([fixture.everyone])]),
		"a Deny of its account": _beside(_role, [_deny([fixture.owner_root])]),
		"a Deny that exempts others": _beside(_role, [_not([fixture.owner_root])]),
		"a service, and a Deny that exempts an account": _beside(
			fixture.service("s3.amazonaws.com"),
			[_not([fixture.owner_root])],
		),
		"everyone, and a Deny that exempts some": _beside(fixture.everyone, [_not([fixture.owner_root])]),
		"everyone, and a perimeter": _beside(fixture.everyone, [_perimeter]),
		"outside of a perimeter": _beside(fixture.other_root, [_perimeter]),
	}
	tc == truth.no
}

test_granted_unknown[note] if {
	unknown := fixture.unknown("var.x")
	some note, tc in {
		"unknown effect": _grants(_role, {"effect": unknown}, []),
		"unknown resource": _grants(_role, {"matchesKey": "unknown"}, []),
		"unknown action": _grants(_role, {"covers": [], "mayCover": ["Decrypt"]}, []),
		"a Deny of unknown effect": _beside(_role, [object.union(_deny([_role]), {"effect": unknown})]),
		"a Deny on an unknown resource": _beside(_role, [object.union(_deny([_role]), {"matchesKey": "unknown"})]),
		"a Deny of an unknown action": _beside(
			_role,
			[object.union(_deny([_role]), {"covers": [], "mayCover": ["Decrypt"]})],
		),
		"a Deny of an unknown principal": _beside(_role, [_deny([fixture.unknown_principal("AWS", "var.p")])]),
		"a Deny of an unknown account": _beside(_role, [_deny([fixture.unknown_root])]),
		"a Deny under an unknown condition": _beside(
			_role,
			[fixture.deny([_role], ["kms:*"], [fixture.unknown_condition])],
		),
		"a Deny that exempts an unknown principal": _beside(_role, [_not([fixture.unknown_principal("AWS", "var.p")])]),
		"a Deny that exempts an unknown account": _beside(fixture.owner_root, [_not([fixture.unknown_root])]),
	}
	truth.is_unknown(tc)
}

test_granted_and_possibly_granted if {
	statement := object.union(
		fixture.allow([_role], ["kms:Decrypt", "kms:Encrypt", "kms:Sign"], []),
		{"mayCover": ["Verify"]},
	)
	key := fixture.key_with([
		statement,
		fixture.deny([_role], ["kms:Encrypt"], []),
		fixture.deny([_role], ["kms:Sign"], [fixture.unknown_condition]),
	])
	access.granted(key, statement, _role) == {"Decrypt"}
	access.possibly_granted(key, statement, _role) == {"Decrypt", "Sign", "Verify"}
}

test_gives_any_of[note] if {
	some note, tc in {
		"something": {"others": [], "gives": truth.yes},
		"nothing": {"others": [fixture.deny([_role], ["kms:*"], [])], "gives": truth.no},
		"conditional": {"others": [fixture.deny([_role], ["kms:*"], [fixture.unknown_condition])], "gives": "unknown"},
	}
	statement := fixture.allow([_role], ["kms:Decrypt"], [])
	fixture.verdict(access.grants_any(fixture.key_with(array.concat([statement], tc.others)), statement, _role)) == tc.gives
}

test_as_owner if {
	access.as_owner(_role) == _role
	access.as_owner(fixture.everyone).relation == "owner"
}

test_deny_grants_nothing if {
	statement := fixture.deny([_role], ["kms:Decrypt"], [])
	access.granted(fixture.key_with([statement]), statement, _role) == set()
	access.possibly_granted(fixture.key_with([statement]), statement, _role) == set()
}
