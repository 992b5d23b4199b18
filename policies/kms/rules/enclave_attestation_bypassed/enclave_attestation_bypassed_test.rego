package kms.rules.enclave_attestation_bypassed_test

import data.kms.lib.enclaves_test as enclave
import data.kms.lib.fixture_test as fixture
import data.kms.rules.enclave_attestation_bypassed as rule

_image(operator) := enclave.condition(operator, "ImageSha384", [enclave.hash])

_attested(principal) := fixture.allow([principal], ["kms:Decrypt", "kms:GenerateDataKey*"], [_image("StringEqualsIgnoreCase")])

_session := fixture.principal({
	"kind": "assumed-role",
	"text": $"arn:aws:sts::{fixture.owner}:assumed-role/enclave/job",
	"account": fixture.owner,
})

_allow(principal, actions, conditions) := fixture.allow([principal], actions, conditions)

_beside(statements) := fixture.document_with(array.concat([_attested(enclave.role)], statements))

test_fails[note] if {
	some note, document in {
		"another statement": _beside([_allow(enclave.role, ["kms:Decrypt"], [])]),
		"a wildcard": _beside([_allow(enclave.role, ["kms:*"], [])]),
		"everyone": _beside([_allow(fixture.everyone, ["kms:GenerateDataKey"], [fixture.condition("StringEquals", "kms:CallerAccount", [fixture.owner])])]),
		"one of everyone": fixture.document_with([_attested(fixture.everyone), _allow(enclave.role, ["kms:Decrypt"], [])]),
		"the role of a session": fixture.document_with([_attested(_session), _allow(enclave.role, ["kms:Decrypt"], [])]),
		"without a document": _beside([_allow(enclave.role, ["kms:Decrypt"], [enclave.condition("Null", "PCR0", ["true"])])]),
		"IfExists": fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [_image("StringEqualsIfExists")])]),
		"ForAllValues": fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [_image("ForAllValues:StringEquals")])]),
		"a negated operator": fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [_image("StringNotEquals")])]),
		"a Deny of another principal": _beside([
			_allow(enclave.role, ["kms:Decrypt"], []),
			fixture.deny([fixture.role(fixture.owner, "other")], ["kms:*"], [_image("StringNotEquals")]),
		]),
		"a Deny for another role by its ARN": _beside([
			_allow(enclave.role, ["kms:Decrypt"], []),
			fixture.deny([fixture.everyone], ["kms:*"], [_image("StringNotEquals"), fixture.condition("ArnLike", "aws:PrincipalArn", ["*:role/other"])]),
		]),
	}
	count(rule.fail) == 1 with input as document
	rule.unknown == set() with input as document
}

test_message if {
	document := _beside([_allow(enclave.role, ["kms:Decrypt", "kms:GenerateDataKey"], [])])
	{finding.message | some finding in rule.fail} == {$"Statement 2 allows {enclave.role.text} kms:Decrypt and kms:GenerateDataKey without an attestation document, which another statement requires."} with input as document
}

test_message_names_only_who_bypasses_attestation if {
	other := fixture.role(fixture.owner, "other")
	attested := fixture.allow([enclave.role, other], ["kms:Decrypt"], [_image("StringEquals")])
	document := fixture.document_with([attested, _allow(enclave.role, ["kms:Decrypt"], [])])
	{finding.message | some finding in rule.fail} == {$"Statement 2 allows {enclave.role.text} kms:Decrypt without an attestation document, which another statement requires."} with input as document
}

test_message_about_the_condition_itself if {
	document := fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [_image("StringEqualsIfExists")])])
	{finding.message | some finding in rule.fail} == {$"Statement 1 allows {enclave.role.text} kms:Decrypt without an attestation document, which its attestation condition also accepts."} with input as document
}

test_fails_for_each_kind_of_principal_next_to_everyone[kind] if {
	some kind in ["user", "role", "assumed-role", "federated-user", "iam"]
	principal := fixture.principal({"kind": kind, "text": "enclave", "account": fixture.owner, "relation": "owner"})
	count(rule.fail) == 1 with input as fixture.document_with([_attested(fixture.everyone), _allow(principal, ["kms:Decrypt"], [])])
}

_via := fixture.condition("StringEquals", "kms:ViaService", ["s3.eu-west-1.amazonaws.com"])

test_fails_for_the_root_under_another_condition if {
	document := fixture.document_with([_attested(fixture.owner_root), _allow(fixture.owner_root, ["kms:Decrypt"], [_via])])
	count(rule.fail) == 1 with input as document
}

test_passes[note] if {
	some note, document in {
		"attested": _beside([]),
		"attested twice": _beside([_attested(enclave.role)]),
		"the root": _beside([_allow(fixture.owner_root, ["kms:*"], [])]),
		"the root under attestation": fixture.document_with([_attested(fixture.owner_root), _allow(fixture.owner_root, ["kms:*"], [])]),
		"another role": _beside([_allow(fixture.role(fixture.owner, "other"), ["kms:Decrypt"], [])]),
		"another action": _beside([_allow(enclave.role, ["kms:Encrypt", "kms:GenerateRandom"], [])]),
		"IfExists next to Null": fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [object.union(_image("StringEqualsIfExists"), {"presenceRequired": true})])]),
		"random bytes": fixture.document_with([
			fixture.allow([enclave.role], ["kms:*"], [_image("StringEquals")]),
			_allow(enclave.role, ["kms:GenerateRandom"], []),
		]),
		"the root under a condition, next to everyone": fixture.document_with([_attested(fixture.everyone), _allow(fixture.owner_root, ["kms:Decrypt"], [_via])]),
		"a user with the name of the role of a session": fixture.document_with([_attested(_session), _allow(fixture.user(fixture.owner, "enclave"), ["kms:Decrypt"], [])]),
		"a role of another account than the session": fixture.document_with([_attested(_session), _allow(fixture.role(fixture.other, "enclave"), ["kms:Decrypt"], [])]),
		"another role than that of the session": fixture.document_with([_attested(_session), _allow(fixture.role(fixture.owner, "other"), ["kms:Decrypt"], [])]),
		"another role of the same name": _beside([_allow(fixture.role(fixture.owner, "teams/enclave"), ["kms:Decrypt"], [])]),
		"NotPrincipal, which another rule judges": _beside([object.union(_allow(enclave.role, ["kms:Decrypt"], []), {"notPrincipal": true})]),
		"without attestation only": fixture.document_with([_allow(enclave.role, ["kms:Decrypt"], [enclave.condition("Null", "PCR0", ["true"])])]),
		"a Deny without attestation": _beside([
			_allow(enclave.role, ["kms:Decrypt"], []),
			fixture.deny([fixture.everyone], ["kms:Decrypt"], [enclave.condition("Null", "ImageSha384", ["true"])]),
		]),
		"a Deny of other images for the role": _beside([
			_allow(enclave.role, ["kms:Decrypt"], []),
			fixture.deny([fixture.everyone], ["kms:*"], [_image("StringNotEqualsIgnoreCase"), fixture.condition("ArnLike", "aws:PrincipalArn", [enclave.role.text])]),
		]),
		"a Deny under IfExists": _beside([
			_allow(enclave.role, ["kms:Decrypt"], []),
			fixture.deny([fixture.everyone], ["kms:*"], [_image("StringEqualsIfExists")]),
		]),
	}
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"condition": {"more": [_allow(enclave.role, ["kms:Decrypt"], [fixture.unknown_condition])], "why": fixture.causes.condition},
		"presence": {
			"more": [_allow(enclave.role, ["kms:Decrypt"], [enclave.condition("Null", "PCR0", [fixture.whole("var.null")])])],
			"why": "`var.null` is unknown",
		},
		"principal": {"more": [_allow(fixture.unknown_principal("AWS", "var.p"), ["kms:Decrypt"], [])], "why": fixture.causes.principal},
		"condition of a Deny": {
			"more": [
				_allow(enclave.role, ["kms:Decrypt"], []),
				fixture.deny([fixture.everyone], ["kms:*"], [fixture.unknown_condition]),
			],
			"why": fixture.causes.condition,
		},
	}
	document := _beside(tc.more)
	{finding.message | some finding in rule.unknown} == {$"Cannot tell whether statement 2 bypasses the attestation of an enclave: {tc.why}."} with input as document
	rule.fail == set() with input as document
}

test_unknown_attested_principal if {
	document := fixture.document_with([
		_attested(fixture.unknown_principal("AWS", "var.p")),
		_allow(enclave.role, ["kms:Decrypt"], []),
	])
	{finding.message | some finding in rule.unknown} == {"Cannot tell whether statement 2 bypasses the attestation of an enclave: `var.p` is unknown."} with input as document
	rule.fail == set() with input as document
}

test_partial_policies_are_never_unknown if {
	statements := [_attested(enclave.role), _allow(fixture.unknown_principal("AWS", "var.p"), ["kms:Decrypt"], [])]
	key := fixture.with_policy({"state": "partial", "statements": [object.union(s, {"index": i}) | some i, s in statements]})
	rule.unknown == set() with input as fixture.document([key], [])
}
