package kms.rules.spec_not_in_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.spec_not_in_region as rule

_fail(settings) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document_of(settings)
}

_unknown(settings) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document_of(settings)
}

_key(spec, partition, region) := object.union(fixture.key_of({"spec": spec}), {"partition": partition, "region": region})

_says(key) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document([key], [])
}

test_fails if {
	_says(_key("SM2", "aws", "eu-west-1")) == {"The key spec SM2 does not exist in the Region eu-west-1: only the China Regions have it."}
	_says(_key("ML_KEM_768", "aws-cn", fixture.unknown("var.region"))) == {"The key spec ML_KEM_768 does not exist in the Region: it is not offered in the China Regions."}
}

test_passes[note] if {
	some note, key in {
		"SM2 in China": _key("SM2", "aws-cn", "cn-north-1"),
		"ML-KEM elsewhere": _key("ML_KEM_768", "aws", "eu-west-1"),
		"a spec of everywhere": _key("RSA_2048", "aws-cn", "cn-north-1"),
		"Region not known": _key("SM2", fixture.unknown("var.p"), fixture.unknown("var.region")),
		"spec not known": _key(fixture.unknown("var.spec"), "aws", "eu-west-1"),
	}
	_says(key) == set()
}

test_never_unknown if {
_fail({}) | _unknown({}) == set()}
