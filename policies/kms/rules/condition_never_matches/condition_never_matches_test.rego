package kms.rules.condition_never_matches_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.condition_never_matches as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_app := fixture.role(fixture.owner, "app")

_on(actions, operator, key, values) := fixture.allow([_app], actions, [fixture.condition(operator, key, values)])

_context := "kms:EncryptionContext:Department"

test_fails[note] if {
	some note, example in {
		"an action without context": [
			_on(["kms:Decrypt", "kms:DescribeKey"], "StringEquals", _context, ["orders"]),
			"Statement 1 requires kms:EncryptionContext:Department for kms:DescribeKey, but these requests never include this condition key.",
		],
		"wildcards alone": [
			_on(["kms:Describe*", "kms:List*"], "StringEquals", _context, ["orders"]),
			"Statement 1 requires kms:EncryptionContext:Department for kms:Describe* and kms:List*, but these requests never include this condition key.",
		],
		"a boolean": [
			_on(["kms:Decrypt"], "Bool", "kms:GrantIsForAWSResource", ["true"]),
			"Statement 1 requires kms:GrantIsForAWSResource for kms:Decrypt, but these requests never include this condition key.",
		],
		"a star": [
			_on(["kms:Decrypt"], "StringEquals", "kms:CallerAccount", ["*"]),
			"Statement 1 compares kms:CallerAccount with * under StringEquals, which treats * as a literal character that no account ID contains.",
		],
		"a star, if the account exists": [
			_on(["kms:Decrypt"], "StringEqualsIfExists", "kms:CallerAccount", ["*"]),
			"Statement 1 compares kms:CallerAccount with * under StringEquals, which treats * as a literal character that no account ID contains.",
		],
		"a star in an ARN": [
			_on(["kms:Decrypt"], "StringEquals", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"]),
			"Statement 1 compares aws:PrincipalArn with arn:aws:iam::111122223333:role/* under StringEquals, which treats * as a literal character that no principal ARN contains.",
		],
		"presence of what is never there": [
			_on(["kms:DescribeKey"], "Null", _context, ["false"]),
			"Statement 1 requires kms:EncryptionContext:Department for kms:DescribeKey, but these requests never include this condition key.",
		],
		"an alias ARN under a negated operator": [
			_on(["kms:Decrypt"], "StringNotEquals", "kms:RequestAlias", ["arn:aws:kms:eu-west-1:111122223333:alias/orders"]),
			"Statement 1 compares kms:RequestAlias with arn:aws:kms:eu-west-1:111122223333:alias/orders; the values of this condition key are alias names (alias/…), not ARNs.",
		],
		"an alias ARN": [
			_on(["kms:Decrypt"], "StringEquals", "kms:RequestAlias", ["arn:aws:kms:eu-west-1:111122223333:alias/orders"]),
			"Statement 1 compares kms:RequestAlias with arn:aws:kms:eu-west-1:111122223333:alias/orders; the values of this condition key are alias names (alias/…), not ARNs.",
		],
		"an alias ARN in the aliases of the key": [
			_on(["kms:Decrypt"], "ForAnyValue:StringEquals", "kms:ResourceAliases", ["arn:aws:kms:eu-west-1:111122223333:alias/orders"]),
			"Statement 1 compares kms:ResourceAliases with arn:aws:kms:eu-west-1:111122223333:alias/orders; the values of this condition key are alias names (alias/…), not ARNs.",
		],
		"a star without regard to case": [
			_on(["kms:Decrypt"], "StringEqualsIgnoreCase", "kms:CallerAccount", ["*"]),
			"Statement 1 compares kms:CallerAccount with * under StringEqualsIgnoreCase, which treats * as a literal character that no account ID contains.",
		],
		"no values for an action without context": [
			_on(["kms:DescribeKey"], "StringEquals", _context, []),
			"Statement 1 has a StringEquals condition on kms:EncryptionContext:Department without values, which never matches a request.",
		],
		"a service": [
			fixture.allow([fixture.service("logs.eu-west-1.amazonaws.com")], ["kms:Decrypt"], [fixture.condition("StringEquals", "kms:ViaService", ["logs.eu-west-1.amazonaws.com"])]),
			"Statement 1 requires kms:ViaService for a service principal, which calls AWS KMS directly: its requests never include this condition key.",
		],
		"no values": [
			_on(["kms:Decrypt"], "StringEquals", _context, []),
			"Statement 1 has a StringEquals condition on kms:EncryptionContext:Department without values, which never matches a request.",
		],
	}
	_fail([example[0]]) == {example[1]}
}

_with_actions(actions) := object.union(_on([], "StringEquals", _context, ["orders"]), {"actions": actions})

test_passes[note] if {
	some note, statement in {
		"context": _on(["kms:Decrypt", "kms:GenerateDataKey*"], "StringEquals", _context, ["orders"]),
		"wildcard next to one that carries it": _on(["kms:Decrypt*", "kms:Describe*"], "ArnEquals", "kms:EncryptionContext:aws:logs:arn", ["arn:aws:logs:eu-west-1:111122223333:log-group:x"]),
		"wildcard": _on(["kms:*"], "StringEquals", _context, ["orders"]),
		"if it exists": _on(["kms:DescribeKey"], "StringEqualsIfExists", _context, ["orders"]),
		"negated": _on(["kms:DescribeKey"], "StringNotEquals", _context, ["orders"]),
		"negated, of false": _on(["kms:DescribeKey"], "StringNotEquals", _context, ["false"]),
		"null": _on(["kms:DescribeKey"], "Null", _context, ["true"]),
		"null of what is not known": _on(["kms:DescribeKey"], "Null", _context, [fixture.whole("var.absent")]),
		"null without values": _on(["kms:DescribeKey"], "Null", _context, []),
		"a star in an encryption context": _on(["kms:Decrypt"], "StringEquals", _context, ["*"]),
		"a star under ArnEquals": _on(["kms:Decrypt"], "ArnEquals", "aws:PrincipalArn", ["arn:aws:iam::111122223333:role/*"]),
		"for all": _on(["kms:Decrypt"], "ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt"]),
		"grants": _on(["kms:CreateGrant"], "Bool", "kms:GrantIsForAWSResource", ["true"]),
		"not documented": _on(["kms:Encapsulate"], "StringEquals", _context, ["orders"]),
		"global key": _on(["kms:DescribeKey"], "StringEquals", "aws:PrincipalOrgID", ["o-1234567890"]),
		"action that does not exist": _on(["kms:Nothing"], "StringEquals", _context, ["orders"]),
		"key that does not exist": _on(["kms:DescribeKey"], "StringEquals", "kms:Nothing", ["x"]),
		"star under Like": _on(["kms:Decrypt"], "StringLike", "kms:CallerAccount", ["*"]),
		"alias": _on(["kms:Decrypt"], "StringEquals", "kms:RequestAlias", ["alias/orders"]),
		"action not known": _with_actions([object.union(fixture.action("⟨var.action⟩"), {"known": true, "literal": false, "unknown": true})]),
		"a wildcard next to an action that is not known": _with_actions([fixture.action("kms:Describe*"), object.union(fixture.action("⟨var.action⟩"), {"known": true, "literal": false, "unknown": true})]),
		"account not known": _on(["kms:Decrypt"], "StringEquals", "kms:CallerAccount", [fixture.whole_account("var.account")]),
		"alias not known": _on(["kms:Decrypt"], "StringEquals", "kms:RequestAlias", [fixture.whole("var.alias")]),
		"principal not known": fixture.allow([fixture.unknown_principal("AWS", "var.principal")], ["kms:Decrypt"], [fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])]),
		"a service next to a role": fixture.allow([_app, fixture.service("s3.amazonaws.com")], ["kms:Decrypt"], [fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])]),
		"a service under another condition": fixture.allow([fixture.service("s3.amazonaws.com")], ["kms:Decrypt"], [fixture.condition("StringEquals", "aws:SourceAccount", [fixture.owner])]),
		"all but a service": object.union(
			fixture.allow([fixture.service("s3.amazonaws.com")], ["kms:Decrypt"], [fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])]),
			{"notPrincipal": true},
		),
		"all actions but one": object.union(_on(["kms:DescribeKey"], "StringEquals", _context, ["orders"]), {"notAction": true}),
		"a star in a part that is not known": _on(["kms:Decrypt"], "StringEquals", "aws:PrincipalArn", [fixture.part("arn:aws:iam::⟨var.account⟩:role/*")]),
		"no principal": object.union(
			_on(["kms:Decrypt"], "StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"]),
			{"principals": []},
		),
		"unknown": fixture.allow([_app], ["kms:DescribeKey"], [fixture.unknown_condition]),
	}
	_fail([statement]) | _unknown([statement]) == set()
}
