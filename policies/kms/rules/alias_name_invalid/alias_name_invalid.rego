# METADATA
# title: Invalid alias name
# description: "AWS KMS rejects an alias name that does not start with `alias/`, and reserves `alias/aws/` for AWS managed keys. The deployment fails."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
# - https://docs.aws.amazon.com/kms/latest/developerguide/alias-create.html
# custom:
#   level: error
#   category: aliases
#   formats: [cloudformation, plan, kubernetes]
#   remediation: |
#     Start the name with `alias/`, use only letters, digits, slashes, underscores and hyphens after it, and keep
#     the name within 256 characters.
#   snippets:
#     cloudformation: |
#       AliasName: alias/customer-orders
#     terraform: |
#       name = "alias/customer-orders"
#     kubernetes: |
#       spec:
#         name: alias/customer-orders
package kms.rules.alias_name_invalid

import data.kms.lib.alias_name
import data.kms.lib.result
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when an alias name does not start with `alias/`, has nothing after that prefix, or is longer than 256
#   characters. Also fails when the name starts with `alias/aws/` or has a character other than letters, digits,
#   slashes, underscores and hyphens. If parts of the name are unknown, only the known parts are checked.
# custom:
#   exceptions:
#   - '`name_prefix = "alias/"`, because the provider appends the rest of the name.'
#   when_not: Never. AWS KMS rejects such names.
fail contains result.at_field(alias, "name", message) if {
	some alias in input.aliases
	shape := _shape(alias.name)
	fault := _fault(alias, shape)
	message := $"The alias name \"{shape.text}\" {fault}."
}

# The rule checks only the known parts of a name, so no verdict is unknown.
unknown := set()

# `head` is the name up to its first unknown part; `known` contains all known parts.
_shape(name) := {"text": name, "head": head, "known": known, "whole": head == name} if {
	is_string(name)
	filled := strings.replace_n({hole: "⟨⟩" | some hole in alias_name.placeholders(name)}, name)
	head := split(filled, "⟨")[0]
	known := replace(filled, "⟨⟩", "")
}

_shape(name) := {"text": name.text, "head": head, "known": concat("", name.knownParts), "whole": false} if {
	not value.is_unknown(name)
	is_object(name)
	head := _head(name)
}

_head(name) := name.knownParts[0] if {
	startswith(name.text, name.knownParts[0])
} else := ""

_fault(alias, shape) := "does not start with alias/, which AWS KMS requires" if {
	not startswith(shape.head, "alias/")
	_decides(shape)
} else := "has nothing after alias/; AWS KMS requires at least one character" if {
	shape.whole
	shape.text == "alias/"
	not alias.prefix
} else := "starts with alias/aws/, which AWS reserves for AWS managed keys" if {
	startswith(shape.head, "alias/aws/")
} else := $"contains {foreign}; AWS KMS allows only letters, digits, slashes, underscores and hyphens" if {
	foreign := _invalid_character(shape.known)
} else := $"has {_at_least(alias, shape)}{size} characters; the maximum is 256" if {
	size := count(shape.known) + _suffix_length[alias.prefix]
	size > 256
}

_at_least(alias, shape) := "" if {
	shape.whole
	not alias.prefix
} else := "at least "

# Holds if the known head decides that the name does not begin with alias/.
_decides(shape) if shape.whole

_decides(shape) if not startswith("alias/", shape.head)

_invalid_character(text) := _describe(rest) if {
	rest := trim(text, _valid_characters)
	rest != ""
}

_valid_characters := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_-"

_describe(text) := "whitespace" if {
	regex.match(`\s`, text)
} else := $"\"{substring(text, 0, 1)}\""

# The length of the suffix that the provider adds to name_prefix.
_suffix_length := {true: 26, false: 0}
