package kms.rules.replica_policy_missing_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.replica_policy_missing as rule

test_fails_without_a_policy if {
	document := fixture.document([fixture.replica_of("key")], [])
	found := {[finding.message, finding.location.pointer] | some finding in rule.fail} with input as document
	found == {[
		"The replica has no key policy of its own: AWS KMS does not replicate the primary's policy and attaches the default one.",
		"/key",
	]}
}

test_fails_unless_the_primary_certainly_has_no_policy[note] if {
	some note, primaries in {
		"with a policy": [fixture.key_with([fixture.statement({})])],
		"unresolved": [fixture.with_policy({"state": "unresolved"})],
		"one of two": [fixture.key_of({}), object.union(fixture.key_with([fixture.statement({})]), {"id": "other"})],
		"outside the input": [],
	}
	replica := object.union(fixture.replica_of("key"), {"primary": {"keys": [primary.id | some primary in primaries]}})
	count(rule.fail) == 1 with input as fixture.document(array.concat([replica], primaries), [])
}

test_passes_beside_a_primary_without_a_policy if {
	count(rule.fail | rule.unknown) == 0 with input as fixture.document([fixture.key_of({}), fixture.replica_of("key")], [])
}

test_fails_beside_a_replica_of_a_primary_without_a_policy if {
	keys := [
		fixture.key_of({}),
		fixture.replica_of("key"),
		object.union(fixture.key_with([fixture.statement({})]), {"id": "other"}),
		object.union(fixture.replica_of("other"), {"id": "second", "resource": "aws_kms_replica_key.second"}),
	]
	{finding.resource | some finding in rule.fail} == {"aws_kms_replica_key.second"} with input as fixture.document(keys, [])
}

test_passes_with_a_policy_of_its_own[note] if {
	some note, policy in {
		"resolved": fixture.key_with([fixture.statement({})]).policy,
		"the default one, stated on purpose": fixture.key_with([fixture.statement({"sid": "Enable IAM User Permissions"})]).policy,
		"attached": object.union(fixture.with_policy({}).policy, {"attachedBy": "aws_kms_key_policy.replica"}),
		"malformed": fixture.with_policy({"state": "unreadable"}).policy,
	}
	count(rule.fail | rule.unknown) == 0 with input as replica_with(policy)
}

test_passes_a_primary_without_a_policy if {
	count(rule.fail | rule.unknown) == 0 with input as fixture.document_of({"multiRegion": true})
}

# `policy_unresolved` covers it.
test_passes_with_an_unknown_policy[state] if {
	some state in ["unresolved", "partial"]
	policy := fixture.with_policy({
		"state": state,
		"unknown": {"reason": "known only after apply", "expression": "var.policy"},
	}).policy
	count(rule.fail | rule.unknown) == 0 with input as replica_with(policy)
}

replica_with(policy) := fixture.document(
	[object.union(
		object.remove(fixture.replica_of("key"), ["policy"]),
		{"policy": policy},
	)],
	[],
)
