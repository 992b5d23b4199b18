# METADATA
# title: Alias targets
# description: "What the target of an alias is, as far as its value or the reference shows."
package kms.lib.targets

import data.kms.lib.value

# METADATA
# description: "Returns a target as written, with unknown parts as `⟨expression⟩`."
as_written(target) := target.text if is_string(target.text)

as_written(target) := target.text.unknown.expression if value.is_unknown(target.text)

# METADATA
# description: "Returns what the target of an alias is, if it is not a customer managed key. Undefined if it is one, or may be."
mismatch(alias) := "an AWS managed key" if {
	startswith(_alias_of(alias.target), "alias/aws/")
} else := "another alias" if {
	_is_alias(alias)
} else := "not a key" if {
	_is_foreign(alias)
}

# The alias that the target is looked up by, if any.
_alias_of(target) := target.alias

_alias_of(target) := _alias_in(as_written(target)) if not target.alias

# The name may be the end of an ARN.
_alias_in(text) := "" if {
	not contains(text, "alias/")
} else := concat("", [found[1] |
	some found in regex.find_all_string_submatch_n(`^(?:arn:.*:)?(alias/.*)$`, text, 1)
])

_is_alias(alias) if _alias_in(as_written(alias.target)) != ""

# A reference to the name or ARN of an alias in the same template.
_is_alias(alias) if {
	_in_template(alias)
	_references[[alias.scope, _reference(alias)]]
}

_references contains [alias.scope, reference] if {
	some alias in input.aliases
	_in_template(alias)
	some reference in [alias.resource, $"{alias.resource}.Arn"]
}

_is_alias(alias) if {
	not _in_template(alias)
	contains(_reference(alias), "aws_kms_alias.")
	regex.match(`(^|\.)aws_kms_alias\.[^.]+\.(arn|id|name)$`, _reference(alias))
}

_is_foreign(alias) if {
	is_string(alias.target.text)
	not _has_placeholder(alias.target.text)
	not regex.match(_key, alias.target.text)
}

# An ARN with unknown parts still shows its service and resource.
_is_foreign(alias) if {
	some [_, service, resource] in arn_parts(as_written(alias.target))
	not _may_be_key(service, resource)
}

# METADATA
# description: "Returns an ARN, its service and its resource, as the only member of an array. The array is empty if the string is not an ARN."
arn_parts(text) := [] if {
	not startswith(text, "arn:")
} else := regex.find_all_string_submatch_n(
	`^arn:(?:⟨[^⟩]*⟩|[^:⟨])*:([a-z0-9-]+):(?:⟨[^⟩]*⟩|[^:⟨])*:(?:⟨[^⟩]*⟩|[^:⟨])*:(.*)$`,
	text, 1,
)

# The ARN, ID or name of a resource of another service.
_is_foreign(alias) if {
	not _in_template(alias)
	count(alias.target.keys) == 0
	regex.match(`^(module\.[^.]+\.)*aws_[a-z0-9_]+\.[^.]+\.(arn|id|name)$`, _reference(alias))
	not regex.match(`aws_kms_|aws_ebs_default_kms_key`, _reference(alias))
}

# In a template, the document says so.
_is_foreign(alias) if alias.target.notAKey

_may_be_key("kms", resource) if regex.match(`^(key/|⟨)`, resource)

_reference(alias) := alias.target.text.unknown.expression

_in_template(alias) if startswith(alias.type, "AWS::")

# The ID of a key or multi-Region key, or an ARN.
_key := `(?i)^(arn:[^:]+:kms:[^:]+:[^:]+:key/.+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`

# METADATA
# description: Holds if nothing is known about a target.
is_unknown(target) if {
	count(target.keys) == 0
	not startswith(as_written(target), "arn:")
	_has_unknown_value(target)
}

_has_unknown_value(target) if value.is_unknown(target.text)

_has_unknown_value(target) if _has_placeholder(target.text)

# METADATA
# description: Returns why nothing is known about a target.
causes(target) := {value.cause(target.text)} if {
	value.is_unknown(target.text)
} else := {{"expression": target.text, "reason": "filled in by another tool"}}

# Placeholders that another tool fills in.
_has_placeholder(text) if regex.match(`\$\{|\{\{|\$[A-Z_]|<[^>]*>`, text)

# METADATA
# description: "Holds if a target is known to be a key, by the type of the referenced resource or by the end of an ARN."
is_key(target) if regex.match(
	`:key/|(^|\.)aws_kms_((external_|replica_|replica_external_)?key\.[^.]+\.(arn|id|key_id)|alias\.[^.]+\.target_key_(arn|id))$`,
	as_written(target),
)

# METADATA
# description: "Returns the Region in a target that is the ARN of a key or an alias. It may be an unknown part."
region(target) := regex.find_all_string_submatch_n(
	`^(?:⟨[^⟩]*⟩|arn:(?:⟨[^⟩]*⟩|[^:⟨])+):kms:((?:⟨[^⟩]*⟩|[^:⟨])+):`,
	as_written(target), 1,
)[0][1]

# METADATA
# description: "Returns the Region and account in a target that is the ARN of a key. They may be unknown parts."
arn_location(target) := {"region": found[1], "account": found[2]} if {
	startswith(as_written(target), "arn:")
	found := regex.find_all_string_submatch_n(
		`^arn:(?:⟨[^⟩]*⟩|[^:⟨])+:kms:((?:⟨[^⟩]*⟩|[^:⟨])+):((?:⟨[^⟩]*⟩|[^:⟨])+):key/`,
		as_written(target), 1,
	)[0]
}
