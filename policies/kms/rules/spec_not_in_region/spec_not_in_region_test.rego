package kms.rules.spec_not_in_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.spec_not_in_region as rule

_key(spec, partition, region) := object.union(fixture.key_of({"spec": spec}), {"partition": partition, "region": region})

_says(key) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as fixture.document([key], [])
}

_asks(key) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as fixture.document([key], [])
}

test_fails if {
	_says(_key("SM2", "aws", "eu-west-1")) == {"Key spec SM2 is not available in the key's Region (eu-west-1); AWS KMS offers it only in the China Regions."}
	_says(_key("ML_KEM_768", "aws-cn", fixture.unknown("var.region"))) == {"Key spec ML_KEM_768 is not available in the key's Region; AWS KMS does not offer it in the China Regions."}
}

test_passes[note] if {
	some note, key in {
		"SM2 in China": _key("SM2", "aws-cn", "cn-north-1"),
		"ML-KEM elsewhere": _key("ML_KEM_768", "aws", "eu-west-1"),
		"a spec of everywhere": _key("RSA_2048", "aws-cn", "cn-north-1"),
		"Region not known": _key("SM2", fixture.unknown("var.p"), fixture.unknown("var.region")),
		"neither known": _key(fixture.unknown("var.spec"), fixture.unknown("var.p"), fixture.unknown("var.region")),
	}
	_says(key) | _asks(key) == set()
}

test_unknown if {
	_says(_key(fixture.unknown("var.spec"), "aws", "eu-west-1")) == set()
	_asks(_key(fixture.unknown("var.spec"), "aws", "eu-west-1")) == {"Cannot tell whether the key spec is available in the key's Region (eu-west-1): `var.spec` is known only after apply."}
}

test_passes_replicas if {
	document := fixture.document([fixture.replica_of("key")], [])
	count(rule.fail | rule.unknown) == 0 with input as document
}
