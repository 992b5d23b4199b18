package kms.rules.alias_region_test

import data.kms.lib.fixture_test as fixture
import data.kms.lib.targets_test as fixtures
import data.kms.rules.alias_region as rule

# An alias in eu-west-1, and keys by ID: `key` in eu-west-1, `replica` in eu-central-1, `floating` in an unknown Region.
document_of(alias) := fixture.document(
	[
		fixture.key_of({}),
		object.union(fixture.replica_of("key"), {"owner": fixture.owner}),
		object.union(fixture.key_of({}), {"id": "floating", "region": fixture.unknown("var.region")}),
		object.union(fixture.key_of({}), {"id": "external", "owner": fixture.other, "scope": "another"}),
	],
	[alias],
)

of_keys(keyids) := fixture.alias("alias/orders", keyids)

arn(region, account) := $"arn:aws:kms:{region}:{account}:key/{fixtures.id}"

test_fails[note] if {
	some note, tc in {
		"for a key of another Region": {
			"alias": of_keys(["replica"]),
			"want": "The alias is in eu-west-1, but its key is in eu-central-1; both must be in the same Region.",
		},
		"for an ARN of another Region": {
			"alias": fixtures.alias_for(arn("us-east-1", fixture.owner), []),
			"want": "The alias is in eu-west-1, but its key is in us-east-1; both must be in the same Region.",
		},
		"for an ARN of another account": {
			"alias": fixtures.alias_for(arn("eu-west-1", fixture.other), []),
			"want": "The key of the alias is in account 444455556666, but the alias is in another account; both must be in the same account.",
		},
		"for a key of another account": {
			"alias": of_keys(["external"]),
			"want": "The key of the alias is in account 444455556666, but the alias is in another account; both must be in the same account.",
		},
		"for an ARN of another Region and account": {
			"alias": fixtures.alias_for(arn("us-east-1", fixture.other), []),
			"want": "The alias is in eu-west-1, but its key is in us-east-1; both must be in the same Region.",
		},
	}
	document := document_of(tc.alias)
	{finding.message | some finding in rule.fail} == {tc.want} with input as document
	rule.unknown == set() with input as document
}

test_fails_at_the_target if {
	alias := object.union(of_keys(["replica"]), {"locations": {"target": fixture.at("/alias/target")}})
	{finding.location.pointer | some finding in rule.fail} == {"/alias/target"} with input as document_of(alias)
}

test_passes[note] if {
	some note, alias in {
		"for a key of the Region": of_keys(["key"]),
		"for an ARN of the Region": fixtures.alias_for(arn("eu-west-1", fixture.owner), []),
		"for an ARN of an unknown account": fixtures.alias_for(fixture.unknown("arn:aws:kms:eu-west-1:⟨var.account⟩:key/⟨x⟩"), []),
		"for an id": fixtures.alias_for(fixtures.id, []),
		"for a key of the same unknown Region": anywhere(of_keys(["floating"])),
		"for an ARN of the same unknown Region": anywhere(fixtures.alias_for(fixture.unknown("arn:aws:kms:⟨var.region⟩:⟨a⟩:key/⟨x⟩"), [])),
		"for a key of AWS, whose alias has no Region": fixtures.alias_for("alias/aws/s3", ["replica"]),
		"for a malformed account": fixtures.alias_for(arn("eu-west-1", "4444"), []),
		"for a placeholder of an account": fixtures.alias_for(arn("eu-west-1", "AccountOfKey"), []),
		"for an alias in another account": fixtures.alias_for("arn:aws:kms:eu-west-1:444455556666:alias/x", ["external"]),
		"for keys of several accounts": of_keys(["key", "external"]),
		"for another alias": fixtures.alias_for("arn:aws:kms:us-east-1:444455556666:alias/x", []),
	}
	rule.fail | rule.unknown == set() with input as document_of(alias)
}

test_passes_if_the_own_account_is_unknown[note] if {
	some note, keys in {
		"no key next to it": [],
		"a key of an unknown owner": [object.union(fixture.key_of({}), {"owner": fixture.unknown("")})],
		"a key of an owner with a name of 12 letters": [object.union(fixture.key_of({}), {"owner": "AccountOfKey"})],
		"a key of an owner by a symbol": [object.union(fixture.key_of({}), {"owner": "self"})],
	}
	document := fixture.document(keys, [fixtures.alias_for(arn("eu-west-1", fixture.other), [])])
	rule.fail | rule.unknown == set() with input as document
}

test_unknown[note] if {
	some note, tc in {
		"target": {
			"alias": fixtures.alias_for(fixture.unknown("var.key"), []),
			"why": "`var.key` is known only after apply",
		},
		"Region of the alias": {
			"alias": anywhere(of_keys(["key"])),
			"why": "`var.region` is known only after apply",
		},
		"Region of the key": {
			"alias": of_keys(["floating"]),
			"why": "`var.region` is known only after apply",
		},
		"Region of the alias for an ARN": {
			"alias": anywhere(fixtures.alias_for(arn("us-east-1", fixture.owner), [])),
			"why": "`var.region` is known only after apply",
		},
		"Region in an ARN": {
			"alias": fixtures.alias_for(fixture.unknown("arn:aws:kms:⟨KeyRegion⟩:⟨a⟩:key/⟨x⟩"), []),
			"why": "`KeyRegion` is unknown (part of the target)",
		},
		"Region of one of several keys": {
			"alias": of_keys(["replica", "floating"]),
			"why": "`var.region` is known only after apply",
		},
		"key of several": {
			"alias": of_keys(["key", "replica"]),
			"why": "the alias is in eu-west-1 and its key is in eu-central-1 or eu-west-1",
		},
	}
	document := document_of(tc.alias)
	{finding.message | some finding in rule.unknown} == {$"Cannot tell whether the alias is in the same Region as its key: {tc.why}."} with input as document
	rule.fail == set() with input as document
}

anywhere(alias) := object.union(object.remove(alias, ["region"]), {"region": fixture.unknown("var.region")})
