package kms.rules.unknown_condition_key_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.unknown_condition_key as rule

_fail(statements) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_with(statements)
}

_unknown(statements) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_with(statements)
}

_on(key) := fixture.allow([fixture.owner_root], ["kms:Decrypt"], [fixture.condition("StringEquals", key, ["x"])])

test_fails if {
	_fail([_on("kms:CallerAcount")]) == {$"Statement 1 has a condition on kms:CallerAcount, which is not an AWS KMS condition key as of {fixture.document_with([]).dataVersion}."}
}

test_fails_without_the_name_that_follows_the_key[key] if {
	some key in ["kms:EncryptionContext", "kms:EncryptionContext:"]
	_fail([_on(key)]) == {$"Statement 1 has a condition on {key}, which is not an AWS KMS condition key as of {fixture.document_with([]).dataVersion}."}
}

test_fails_in_a_key_policy[key] if {
	some key in ["kms:ResourceAliases", "aws:ResourceTag/team", "AWS:resourcetag/Team", "aws:ResourceTag/⟨var.tag⟩"]
	_fail([_on(key)]) == {$"Statement 1 has a condition on {key}, which works only in IAM policies, not in key policies."}
}

test_passes[key] if {
	some key in ["kms:CallerAccount", "aws:PrincipalTag/team", "aws:RequestTag/team", "kms:EncryptionContext:Department", "KMS:VIASERVICE", "aws:Anything", "kms:⟨var.key⟩"]
	_fail([_on(key)]) | _unknown([_on(key)]) == set()
}
