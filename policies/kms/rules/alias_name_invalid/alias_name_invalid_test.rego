package kms.rules.alias_name_invalid_test

import data.kms.lib.fixture_test as fixture
import data.kms.rules.alias_name_invalid as rule

named(name) := fixture.document([], [fixture.alias(name, ["key"])])

prefixed(name) := fixture.document([], [object.union(fixture.alias(name, ["key"]), {"prefix": true})])

partly(text, parts) := {"text": text, "knownParts": parts}

long(n) := concat("", ["alias/", concat("", [char | some _ in numbers.range(1, n); char := "a"])])

test_fails[note] if {
	some note, tc in {
		"without prefix": {"name": "orders", "want": "The alias name \"orders\" does not start with alias/, which AWS KMS requires."},
		"empty": {"name": "", "want": "The alias name \"\" does not start with alias/, which AWS KMS requires."},
		"with nothing after it": {"name": "alias/", "want": "The alias name \"alias/\" has nothing after alias/; AWS KMS requires at least one character."},
		"of AWS": {
			"name": "alias/aws/orders",
			"want": "The alias name \"alias/aws/orders\" starts with alias/aws/, which AWS reserves for AWS managed keys.",
		},
		"with a dot": {
			"name": "alias/orders.v2",
			"want": "The alias name \"alias/orders.v2\" contains \".\"; AWS KMS allows only letters, digits, slashes, underscores and hyphens.",
		},
		"with a colon": {
			"name": "alias/a:b",
			"want": "The alias name \"alias/a:b\" contains \":\"; AWS KMS allows only letters, digits, slashes, underscores and hyphens.",
		},
		"with a space": {
			"name": "alias/my orders",
			"want": "The alias name \"alias/my orders\" contains whitespace; AWS KMS allows only letters, digits, slashes, underscores and hyphens.",
		},
		"too long": {"name": long(251), "want": $"The alias name \"{long(251)}\" has 257 characters; the maximum is 256."},
		"in parts, without prefix": {
			"name": partly("orders-⟨Stage⟩", ["orders-"]),
			"want": "The alias name \"orders-⟨Stage⟩\" does not start with alias/, which AWS KMS requires.",
		},
		"in parts, of AWS": {
			"name": partly("alias/aws/⟨Stage⟩", ["alias/aws/"]),
			"want": "The alias name \"alias/aws/⟨Stage⟩\" starts with alias/aws/, which AWS reserves for AWS managed keys.",
		},
		"in parts, with a dot": {
			"name": partly("⟨Prefix⟩orders.v2", ["orders.v2"]),
			"want": "The alias name \"⟨Prefix⟩orders.v2\" contains \".\"; AWS KMS allows only letters, digits, slashes, underscores and hyphens.",
		},
		"in parts, too long": {
			"name": partly($"{long(200)}⟨Stage⟩{long(60)}", [long(200), long(60)]),
			"want": $"The alias name \"{long(200)}⟨Stage⟩{long(60)}\" has at least 272 characters; the maximum is 256.",
		},
		"with several such characters": {
			"name": "alias/a$!b",
			"want": "The alias name \"alias/a$!b\" contains \"$\"; AWS KMS allows only letters, digits, slashes, underscores and hyphens.",
		},
		"of another tool, without prefix": {
			"name": "orders-${stage}",
			"want": "The alias name \"orders-${stage}\" does not start with alias/, which AWS KMS requires.",
		},
	}
	{finding.message | some finding in rule.fail} == {tc.want} with input as named(tc.name)
	count(rule.unknown) == 0 with input as named(tc.name)
}

test_fails_for_a_prefix[name] if {
	some name in ["orders-", "alias/aws/orders-", long(230)]
	count(rule.fail) == 1 with input as prefixed(name)
}

test_counts_the_suffix_of_a_prefix if {
	count(rule.fail) == 0 with input as prefixed(long(224))
	{finding.message | some finding in rule.fail} == {$"The alias name \"{long(225)}\" has at least 257 characters; the maximum is 256."} with input as prefixed(long(225))
}

test_passes_a_prefix[name] if {
	some name in ["alias/", "alias/orders-", long(224)]
	count(rule.fail) == 0 with input as prefixed(name)
}

test_passes[note] if {
	some note, name in {
		"a name": "alias/prod/Customer_orders-2",
		"alias/aws alone": "alias/aws",
		"a name that only looks like AWS's": "alias/awsome",
		"as long as can be": long(250),
		"made up by the provider": null,
		"not known": fixture.unknown("var.name"),
		"in parts": partly("alias/⟨Stage⟩", ["alias/"]),
		"in parts, the prefix too": partly("ali⟨as⟩/orders", ["ali", "/orders"]),
		"in parts, from the beginning": partly("⟨Name⟩-orders", ["-orders"]),
		"nothing but unknown": partly("⟨Prefix⟩⟨Name⟩", []),
		"sensitive": partly("alias/(sensitive)", ["alias/"]),
		"of another tool": "alias/${stage}/{{ name }}-$NAME",
		"of another tool from the beginning": "${self:custom.alias}",
	}
	count(rule.fail | rule.unknown) == 0 with input as named(name)
}
