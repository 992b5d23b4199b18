package kms.rules.invalid_principal_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.invalid_principal as rule

# The messages of the rule for a key with these statements.
_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_to(principal) := fixture.allow([principal], ["kms:Decrypt"], [])

_group := fixture.principal({
	"kind": "invalid",
	"text": "arn:aws:iam::111122223333:group/a",
	"account": fixture.owner,
	"relation": "owner",
	"partition": "aws",
	"invalidReason": "a group is never a principal",
})

_in(partition) := object.union(fixture.role(fixture.owner, "app"), {"partition": partition})

test_fails[note] if {
	some note, tc in {
		"what is no principal": {
			"statement": _to(_group),
			"want": "Statement 1 names arn:aws:iam::111122223333:group/a, which is not a valid principal: a group is never a principal.",
		},
		"a root with a malformed id": {
			"statement": _to(object.union(fixture.root("1111"), {"invalidReason": "1111 is not an account id"})),
			"want": "Statement 1 names arn:aws:iam::1111:root, which is not a valid principal: 1111 is not an account id.",
		},
		"another partition": {
			"statement": _to(_in("aws-cn")),
			"want": "Statement 1 names arn:aws:iam::111122223333:role/app in the partition aws-cn, but the key is in the partition aws.",
		},
		"a Deny, of all but it": {
			"statement": object.union(fixture.deny([_group], ["kms:*"], []), {"notPrincipal": true, "sid": "Guard"}),
			"want": "Statement \"Guard\" names arn:aws:iam::111122223333:group/a, which is not a valid principal: a group is never a principal.",
		},
		"once, though of another partition": {
			"statement": _to(object.union(_group, {"partition": "aws-cn"})),
			"want": "Statement 1 names arn:aws:iam::111122223333:group/a, which is not a valid principal: a group is never a principal.",
		},
	}
	_fail([tc.statement]) == {tc.want}
	_unknown([tc.statement]) == set()
}

test_points_at_the_principal if {
	some finding in rule.fail with input as fixture.document_with([_to(_group)])
	finding.location == _group.location
}

test_passes[note] if {
	some note, principal in {
		"root": fixture.owner_root,
		"role": fixture.role(fixture.other, "app"),
		"everyone": fixture.everyone,
		"service": fixture.service("s3.amazonaws.com"),
		"deleted": fixture.principal({"kind": "unique-id", "text": "AROAEXAMPLE12345678"}),
		"an unknown account": fixture.unknown_root,
		"an unknown partition": _in(fixture.unknown("var.partition")),
	}
	_fail([_to(principal)]) == set()
	_unknown([_to(principal)]) == set()
}

test_passes_every_partition_if_the_region_is_unknown if {
	key := object.union(fixture.key_with([_to(_in("aws-cn"))]), {"partition": fixture.unknown("var.region")})
	rule.fail == set() with input as fixture.document([key], [])
	rule.unknown == set() with input as fixture.document([key], [])
}

test_unknown_principal if {
	_fail([_to(fixture.unknown_principal("AWS", "var.p"))]) == set()
	_unknown([_to(fixture.unknown_principal("AWS", "var.p"))]) == {"Cannot tell whether statement 1 names a valid principal: `var.p` is unknown."}
}

test_partial_policies_are_never_unknown if {
	key := fixture.with_policy({"state": "partial", "statements": [_to(fixture.unknown_principal("AWS", "var.p"))]})
	rule.unknown == set() with input as fixture.document([key], [])
}
