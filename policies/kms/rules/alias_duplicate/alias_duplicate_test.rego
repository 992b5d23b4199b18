package kms.rules.alias_duplicate_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.alias_duplicate as rule

# Aliases in the order of a file, each with its own fields.
aliases_of(list) := [object.union(object.remove(alias, object.keys(fields)), fields) |
	some i, fields in list
	alias := object.union(fixture.alias("alias/orders", ["key"]), {
		"id": $"alias{i}",
		"resource": $"aws_kms_alias.a{i}",
		"location": {"line": i + 1},
	})
]

document_of(list) := fixture.document([fixture.key_of({})], aliases_of(list))

found(findings) := {[finding.resource, finding.message] | some finding in findings}

taken(by) := {["aws_kms_alias.a1", same_name("eu-west-1", "alias/orders", $"{by} and aws_kms_alias.a1")]}

same_name(region, name, resources) := $"More than one alias in {region} has the name {name}: {resources}. AWS KMS requires unique alias names in an account and Region."

in_source(text) := {"name": {"text": text, "knownParts": ["alias/"]}}

in_template := {"type": "AWS::KMS::Alias", "name": {"text": "alias/⟨AWS::StackName⟩", "knownParts": ["alias/"]}}

when(choices, of) := {"variant": {"assumptions": choices, "total": of}}

elsewhere(file) := {"scope": file, "location": object.union(fixture.at("/alias"), {"file": file})}

test_fails[note] if {
	some note, list in {
		"in one Region": [{}, {}],
		"in one variant": [when(["IsProd is true"], 1), when(["IsProd is true"], 1)],
		"in a variant of the later one": [{}, when(["IsProd is true"], 2)],
		"in two plans of one account": [elsewhere("a.json"), elsewhere("b.json")],
	}
	found(rule.fail) == taken("aws_kms_alias.a0") with input as document_of(list)
	rule.unknown == set() with input as document_of(list)
}

test_fails_in_one_unknown_region if {
	region := {"region": {"unknown": {"reason": "set when the stack is deployed", "expression": "AWS::Region"}}}
	message := same_name("the same Region", "alias/orders", "aws_kms_alias.a0 and aws_kms_alias.a1")
	found(rule.fail) == {["aws_kms_alias.a1", message]} with input as document_of([region, region])
	rule.unknown == set() with input as document_of([region, region])
}

test_fails_for_all_but_the_first if {
	found(rule.fail) == taken("aws_kms_alias.a0") | {["aws_kms_alias.a2", same_name("eu-west-1", "alias/orders", "aws_kms_alias.a0, aws_kms_alias.a1 and aws_kms_alias.a2")]} with input as document_of([{}, {}, {}])
}

test_fails_at_the_name if {
	document := document_of([{}, {"locations": {"name": fixture.at("/alias/name")}}])
	{finding.location.pointer | some finding in rule.fail} == {"/alias/name"} with input as document
}

test_fails_for_the_same_unresolved_name_in_a_template if {
	found(rule.fail) == {["aws_kms_alias.a1", same_name("eu-west-1", "alias/⟨AWS::StackName⟩", "aws_kms_alias.a0 and aws_kms_alias.a1")]} with input as document_of([in_template, in_template])
}

test_fails_for_the_same_unresolved_name_in_a_terraform_module if {
	same := in_source("alias/⟨var.env⟩-orders")
	found(rule.fail) == {["aws_kms_alias.a1", same_name("eu-west-1", "alias/⟨var.env⟩-orders", "aws_kms_alias.a0 and aws_kms_alias.a1")]} with input as document_of([same, same])
}

test_fails_if_all_variants_of_the_earlier_one_have_the_name if {
	document := document_of([
		object.union(when(["IsProd is true"], 2), {"id": "a", "resource": "a"}),
		object.union(when(["IsProd is false"], 2), {"id": "b", "resource": "a", "location": fixture.at("/alias")}),
		{},
	])
	found(rule.fail) == {["aws_kms_alias.a2", same_name("eu-west-1", "alias/orders", "a and aws_kms_alias.a2")]} with input as document
}

test_unknown_if_a_variant_of_the_earlier_one_has_another_name_or_file[note] if {
	some note, fields in {
		"name": {"name": "alias/refunds"},
		"file": {"location": {"file": "other.tf"}},
	}
	document := document_of([
		object.union(when(["IsProd is true"], 2), {"id": "a", "resource": "a"}),
		object.union(object.union(when(["IsProd is false"], 2), {"id": "b", "resource": "a"}), fields),
		{"location": object.union(fixture.at("/alias"), {"file": "z.tf"})},
	])
	rule.fail == set() with input as document
	count(rule.unknown) == 1 with input as document
}

test_reports_a_possible_conflict_next_to_a_certain_one if {
	document := document_of([{}, {"region": fixture.unknown("var.a")}, {}])
	found(rule.fail) == {["aws_kms_alias.a2", same_name("eu-west-1", "alias/orders", "aws_kms_alias.a0 and aws_kms_alias.a2")]} with input as document
	messages := {finding.message | some finding in rule.unknown; finding.resource == "aws_kms_alias.a2"} with input as document
	messages == {"Cannot tell whether the alias name alias/orders conflicts with the name of aws_kms_alias.a1: `var.a` is known only after apply."}
}

test_fails_for_resources_of_one_name_but_two_types if {
	list := [
		object.union(elsewhere("a.yaml"), {"resource": "Alias", "type": "AWS::KMS::Alias"}),
		object.union(elsewhere("b.yaml"), {"resource": "Alias", "type": "kms.services.k8s.aws/Alias"}),
	]
	count(rule.fail) == 1 with input as document_of(list)
}

test_passes[note] if {
	some note, list in {
		"one": [{}],
		"another name": [{}, {"name": "alias/refunds"}],
		"the same letters in another case": [{}, {"name": "alias/Orders"}],
		"another Region": [{}, {"region": "eu-central-1"}],
		"a prefix": [{"prefix": true}, {"prefix": true}],
		"no name": [{"name": null}, {"name": null}],
		"names that are not known": [{"name": fixture.unknown("var.name")}, {"name": fixture.unknown("var.name")}],
		"names with unknown parts in plans": [
			{"name": {"text": "alias/⟨each.key⟩", "knownParts": ["alias/"]}},
			{"name": {"text": "alias/⟨each.key⟩", "knownParts": ["alias/"]}},
		],
		"names of instances": [in_source("alias/⟨random_id.a[0].hex⟩"), in_source("alias/⟨random_id.a[0].hex⟩")],
		"names with unknown parts in two modules": [
			object.union(in_source("alias/⟨var.env⟩"), {"resource": "module.a.aws_kms_alias.a"}),
			object.union(in_source("alias/⟨var.env⟩"), {"resource": "module.b.aws_kms_alias.a"}),
		],
		"names with unknown parts in two templates": [in_template, object.union(in_template, {"scope": "another"})],
		"two variants of one": [
			object.union(when(["IsProd is true"], 2), {"resource": "a"}),
			object.union(when(["IsProd is false"], 2), {"resource": "a"}),
		],
		"never together": [when(["IsProd is true"], 1), when(["IsProd is false"], 1)],
		"sensitive names": [
			{"name": {"text": "alias/(sensitive)", "knownParts": ["alias/"]}},
			{"name": {"text": "alias/(sensitive)", "knownParts": ["alias/"]}},
		],
		"two plans of one account, in two Regions": [elsewhere("a.json"), object.union(elsewhere("b.json"), {"region": "eu-central-1"})],
		"two plans of unknown accounts": [
			object.union(elsewhere("a.json"), {"target": {"text": "x", "keys": []}}),
			object.union(elsewhere("b.json"), {"target": {"text": "x", "keys": []}}),
		],
		"two templates in unknown Regions": [
			object.union(elsewhere("a.yaml"), {"region": fixture.unknown("AWS::Region")}),
			object.union(elsewhere("b.yaml"), {"region": fixture.unknown("AWS::Region")}),
		],
		"two plans of one resource": [
			object.union(elsewhere("a.json"), {"resource": "aws_kms_alias.main"}),
			object.union(elsewhere("b.json"), {"resource": "aws_kms_alias.main"}),
		],
	}
	rule.fail | rule.unknown == set() with input as document_of(list)
}

test_unknown[note] if {
	some note, tc in {
		"Region of one": {
			"aliases": [{}, {"region": fixture.unknown("var.a")}],
			"want": "`var.a` is known only after apply",
		},
		"Regions": {
			"aliases": [{"region": fixture.unknown("var.a")}, {"region": fixture.unknown("var.b")}],
			"want": "`var.a` is known only after apply; `var.b` is known only after apply",
		},
		"Region of each instance": {
			"aliases": [{"region": fixture.unknown("each.value")}, {"region": fixture.unknown("each.value")}],
			"want": "`each.value` is known only after apply",
		},
		"one of them exists only for a choice": {
			"aliases": [when(["Create is \"true\""], 1), {}],
			"want": "whether Create is \"true\" is unknown",
		},
		"the other exists only for a choice": {
			"aliases": [{}, when(["Create is \"true\""], 1)],
			"want": "whether Create is \"true\" is unknown",
		},
		"one of them has the name only for a choice": {
			"aliases": [when(["IsProd is true"], 2), {}],
			"want": "whether IsProd is true is unknown",
		},
	}
	message := $"Cannot tell whether the alias name alias/orders conflicts with the name of aws_kms_alias.a0: {tc.want}."
	found(rule.unknown) == {["aws_kms_alias.a1", message]} with input as document_of(tc.aliases)
	rule.fail == set() with input as document_of(tc.aliases)
}

test_passes_an_account_that_is_not_an_id[owner] if {
	some owner in ["self", "1234", "AccountOfKey"]
	keys := [object.union(fixture.key_of({}), {"owner": owner})]
	document := fixture.document(keys, aliases_of([elsewhere("a.json"), elsewhere("b.json")]))
	rule.fail | rule.unknown == set() with input as document
}

test_passes_an_alias_of_keys_in_several_accounts if {
	keys := [fixture.key_of({}), object.union(fixture.key_of({}), {"id": "other", "owner": fixture.other})]
	target := {"target": {"text": "x", "keys": ["key", "other"]}}
	list := [object.union(elsewhere("a.json"), target), object.union(elsewhere("b.json"), target)]
	rule.fail | rule.unknown == set() with input as fixture.document(keys, aliases_of(list))
}
