package kms.rules.grant_create_grant_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.grants_test as fixtures
import data.kms.rules.grant_create_grant as rule

test_fails[note] if {
	some note, constraints in {
		"without constraints": {},
		"with a constraint of no pairs": {"encryptionContextSubset": {}},
	}
	document := fixtures.document_of({"operations": ["CreateGrant", "Decrypt"], "constraints": constraints}, {})
	fixtures.messages(rule.fail) == {"The grant allows arn:aws:iam::111122223333:role/app to use CreateGrant, but no encryption context constraint limits the grants that this principal creates."} with input as document
	rule.unknown == set() with input as document
}

test_passes[note] if {
	some note, fields in {
		"without CreateGrant": {},
		"with a constraint": object.union(fixtures.equals({"Department": "media"}), {"operations": ["CreateGrant"]}),
		"with a constraint of an unknown value": object.union(
			fixtures.equals({"Department": fixture.unknown("var.d")}),
			{"operations": ["CreateGrant"]},
		),
		"a service-linked role": {
			"operations": ["CreateGrant"],
			"grantee": fixture.role(fixture.other, "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"),
		},
		"a reference to a service-linked role": {
			"operations": ["CreateGrant"],
			"grantee": fixture.principal({"kind": "iam", "text": "⟨module.asg.aws_iam_service_linked_role.this.arn⟩"}),
		},
		"without CreateGrant, whatever the constraint": fixtures.equals(fixture.unknown("var.x")),
	}
	document := fixtures.document_of(fields, {})
	rule.fail | rule.unknown == set() with input as document
}

test_fails_for_other_grantees[note] if {
	some note, grantee in {
		"a service": fixture.service("dynamodb.amazonaws.com"),
		"a role with a similar name": fixture.role(fixture.owner, "AWSServiceRoleForAutoScaling"),
	}
	document := fixtures.document_of({"operations": ["CreateGrant"], "grantee": grantee}, {})
	count(rule.fail) == 1 with input as document
}

test_unknown_grantee if {
	document := fixtures.document_of({"operations": ["CreateGrant"], "grantee": fixture.unknown_principal("AWS", "var.p")}, {})
	fixtures.messages(rule.unknown) == {"Cannot tell whether the grant allows ⟨var.p⟩ to use CreateGrant without an encryption context constraint: `var.p` is unknown."} with input as document
	rule.fail == set() with input as document
}

test_unknown[note] if {
	some note, fields in {
		"operations": {"operations": fixture.unknown("var.x")},
		"operation": {"operations": ["Decrypt", fixture.unknown("var.x")]},
		"constraints": object.union(fixtures.equals(fixture.unknown("var.x")), {"operations": ["CreateGrant"]}),
	}
	document := fixtures.document_of(fields, {})
	cause := "`var.x` is known only after apply"
	fixtures.messages(rule.unknown) == {$"Cannot tell whether the grant allows arn:aws:iam::111122223333:role/app to use CreateGrant without an encryption context constraint: {cause}."} with input as document
	rule.fail == set() with input as document
}
