package kms.rules.set_operator_misused_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.set_operator_misused as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_on(operator, key, values) := fixture.allow([fixture.owner_root], ["kms:*"], [fixture.condition(operator, key, values)])

test_fails[note] if {
	some note, example in {
		"one value": [_on("ForAnyValue:StringEquals", "kms:CallerAccount", ["111122223333"]), "Statement 1 uses ForAnyValue with kms:CallerAccount, which is a single-valued condition key."],
		"one value, global": [_on("ForAllValues:StringEquals", "aws:PrincipalOrgID", ["o-1234567890"]), "Statement 1 uses ForAllValues with aws:PrincipalOrgID, which is a single-valued condition key."],
		"one value, of an encryption context": [_on("ForAllValues:StringEquals", "kms:EncryptionContext:Department", ["orders"]), "Statement 1 uses ForAllValues with kms:EncryptionContext:Department, which is a single-valued condition key."],
		"one value, of a tag": [_on("ForAnyValue:StringEquals", "aws:PrincipalTag/team", ["orders"]), "Statement 1 uses ForAnyValue with aws:PrincipalTag/team, which is a single-valued condition key."],
		"grant operations beside actions without them": [_on("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt"]), "Statement 1 also allows requests without kms:GrantOperations: ForAllValues matches if the condition key is missing."],
		"several values": [_on("StringEquals", "kms:EncryptionContextKeys", ["a"]), "Statement 1 compares kms:EncryptionContextKeys, a multivalued condition key, without ForAnyValue or ForAllValues."],
		"no companion": [_on("ForAllValues:StringEquals", "aws:TagKeys", ["a"]), "Statement 1 also allows requests without aws:TagKeys: ForAllValues matches if the condition key is missing."],
	}
	_fail([example[0]]) == {example[1]}
}

# The condition next to one that requires its key.
_demanded := object.union(fixture.condition("ForAllValues:StringEquals", "aws:TagKeys", ["a"]), {"presenceRequired": true})

_grants := fixture.allow([fixture.owner_root], ["kms:CreateGrant"], [fixture.condition("ForAllValues:StringEquals", "kms:GrantOperations", ["Decrypt"])])

test_fails_for_each_global_key_of_several_values_without_an_operator[key] if {
	some key in ["aws:CalledVia", "aws:PrincipalOrgPaths", "aws:PrincipalServiceNamesList", "aws:ResourceOrgPaths", "aws:SourceOrgPaths", "aws:TagKeys", "aws:VpceOrgPaths"]
	_fail([_on("StringEquals", key, ["a"])]) == {$"Statement 1 compares {key}, a multivalued condition key, without ForAnyValue or ForAllValues."}
}

test_fails_for_each_global_key_of_one_value_with_an_operator[key] if {
	some key in [
		"aws:CalledViaFirst", "aws:CalledViaLast", "aws:CurrentTime", "aws:MultiFactorAuthPresent", "aws:PrincipalAccount",
		"aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalOrgID", "aws:PrincipalServiceName", "aws:PrincipalType",
		"aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:SecureTransport", "aws:SourceAccount",
		"aws:SourceArn", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceVpc", "aws:SourceVpce", "aws:userid", "aws:username",
		"aws:ViaAWSService", "aws:VpcSourceIp",
	]
	_fail([_on("ForAnyValue:StringEquals", key, ["a"])]) == {$"Statement 1 uses ForAnyValue with {key}, which is a single-valued condition key."}
}

test_passes[note] if {
	some note, statement in {
		"none on one": _on("StringEquals", "kms:CallerAccount", ["111122223333"]),
		"any on several": _on("ForAnyValue:StringEquals", "kms:EncryptionContextKeys", ["a"]),
		"companion": fixture.allow([fixture.owner_root], ["kms:*"], [_demanded]),
		"grant operations": _grants,
		"grant operations next to an action that is not known": object.union(_grants, {"mayCover": ["Decrypt"]}),
		"an encryption context": _on("StringEquals", "kms:EncryptionContext:Department", ["orders"]),
		"effect not known": object.union(_on("ForAllValues:StringEquals", "aws:TagKeys", ["a"]), {"effect": fixture.unknown("var.effect")}),
		"negated": _on("ForAllValues:StringNotEquals", "aws:TagKeys", ["a"]),
		"in a Deny": object.union(_on("ForAllValues:StringEquals", "aws:TagKeys", ["a"]), {"effect": "Deny"}),
		"a tag without its name": _on("ForAnyValue:StringEquals", "aws:PrincipalTag/", ["orders"]),
		"a key of others": _on("ForAnyValue:StringEquals", "saml:aud", ["x"]),
		"unknown": fixture.allow([fixture.owner_root], ["kms:*"], [fixture.unknown_condition]),
		"presence": _on("Null", "aws:TagKeys", ["false"]),
		"a boolean": _on("Bool", "kms:GrantIsForAWSResource", ["true"]),
	}
	_fail([statement]) | _unknown([statement]) == set()
}
