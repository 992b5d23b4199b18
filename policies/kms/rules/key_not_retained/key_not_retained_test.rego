package kms.rules.key_not_retained_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.key_not_retained as rule

_fail(document) := {finding.message | some finding in findings} if {
	findings := rule.fail with input as document
}

_unknown(document) := {finding.message | some finding in findings} if {
	findings := rule.unknown with input as document
}

_key(deletion, replacement) := _of_type("AWS::KMS::Key", deletion, replacement)

_of_type(type, deletion, replacement) := fixture.document(
	[object.union(fixture.key_of({}), {
		"type": type,
		"retention": {"onDeletion": deletion, "onReplacement": replacement},
	})],
	[],
)

test_fails if {
	_fail(_key(false, false)) == {"CloudFormation can delete the key: its resource has no DeletionPolicy or UpdateReplacePolicy of Retain."}
	_fail(_key(true, false)) == {"CloudFormation can delete the key: its resource has no UpdateReplacePolicy of Retain."}
}

test_terraform if {
	_fail(_of_type("aws_kms_key", false, false)) == {"Terraform can destroy or replace the key: its resource does not set prevent_destroy to true."}
	_fail(_of_type("aws_kms_key", true, true)) == set()
	unknown := _of_type("aws_kms_key", fixture.unknown("Keep"), fixture.unknown("Keep"))
	_unknown(unknown) == {"Cannot tell whether prevent_destroy retains the key: `Keep` is known only after apply."}
}

test_kubernetes if {
	type := "kms.services.k8s.aws/Key"
	_fail(_of_type(type, false, true)) == {"Deleting the Kubernetes object deletes the key: the object has no deletion policy that retains the key."}
	_fail(_of_type(type, true, true)) == set()
	unknown := _of_type(type, fixture.unknown("Keep"), true)
	_unknown(unknown) == {"Cannot tell whether the deletion policy retains the key: `Keep` is known only after apply."}
}

test_passes[note] if {
	some note, document in {
		"retained": _key(true, true),
		"no such attribute": fixture.document_of({}),
	}
	_fail(document) | _unknown(document) == set()
}

test_unknown if {
	_fail(_key(fixture.unknown("Keep"), true)) == set()
	_unknown(_key(fixture.unknown("Keep"), true)) == {"Cannot tell whether DeletionPolicy retains the key: `Keep` is known only after apply."}
}
