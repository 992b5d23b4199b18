# METADATA
# title: Targets of aliases
# description: "What an alias stands for, as far as the text of its target or the reference there tells."
package kms.lib.targets

import data.kms.lib.value

# METADATA
# description: A target as it is written, with the parts that are not known between ⟨ and ⟩.
written(target) := target.text if is_string(target.text)

written(target) := target.text.unknown.expression if value.is_unknown(target.text)

# METADATA
# description: "What an alias stands for that is no key of the account's. Undefined where it is one, or may be."
fault(alias) := "a key that AWS manages" if {
	startswith(_known_by(alias.target), "alias/aws/")
} else := "another alias" if {
	_is_alias(alias)
} else := "no key" if {
	_is_foreign(alias)
}

# The alias that it is found by, if any.
_known_by(target) := target.alias

_known_by(target) := _alias_in(written(target)) if not target.alias

# A name, also as the end of an ARN.
_alias_in(text) := "" if {
	not contains(text, "alias/")
} else := concat("", [found[1] |
	some found in regex.find_all_string_submatch_n(`^(?:arn:.*:)?(alias/.*)$`, text, 1)
])

_is_alias(alias) if _alias_in(written(alias.target)) != ""

# A reference to an alias of the same template, by its name or ARN.
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
	not _filled_in(alias.target.text)
	not regex.match(_key, alias.target.text)
}

# Also of an ARN with unknown parts, these are the service and the resource.
_is_foreign(alias) if {
	some [_, service, resource] in in_arn(written(alias.target))
	not _may_be_key(service, resource)
}

# METADATA
# description: "The ARN itself, the service and the resource that it names, where the text is an ARN; unknown parts between ⟨ and ⟩."
in_arn(text) := [] if {
	not startswith(text, "arn:")
} else := regex.find_all_string_submatch_n(
	`^arn:(?:⟨[^⟩]*⟩|[^:⟨])*:([a-z0-9-]+):(?:⟨[^⟩]*⟩|[^:⟨])*:(?:⟨[^⟩]*⟩|[^:⟨])*:(.*)$`,
	text, 1,
)

# The ARN, id or name of a resource that is none of KMS.
_is_foreign(alias) if {
	not _in_template(alias)
	count(alias.target.keys) == 0
	regex.match(`^(module\.[^.]+\.)*aws_[a-z0-9_]+\.[^.]+\.(arn|id|name)$`, _reference(alias))
	not regex.match(`aws_kms_|aws_ebs_default_kms_key`, _reference(alias))
}

# The same in a template.
_is_foreign(alias) if alias.target.notAKey

_may_be_key("kms", resource) if regex.match(`^(key/|⟨)`, resource)

_reference(alias) := alias.target.text.unknown.expression

_in_template(alias) if startswith(alias.type, "AWS::")

# An id, the id of a multi-Region key, or an ARN.
_key := `(?i)^(arn:[^:]+:kms:[^:]+:[^:]+:key/.+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$`

# METADATA
# description: Whether nothing is known of a target.
hidden(target) if {
	count(target.keys) == 0
	not startswith(written(target), "arn:")
	_open(target)
}

_open(target) if value.is_unknown(target.text)

_open(target) if _filled_in(target.text)

# What some other tool fills in.
_filled_in(text) if regex.match(`\$\{|\{\{|\$[A-Z_]|<[^>]*>`, text)

# METADATA
# description: Whether it is at least known to be a key, by the type of what is referred to or by the end of an ARN.
is_key(target) if regex.match(
	`:key/|(^|\.)aws_kms_((external_|replica_|replica_external_)?key\.[^.]+\.(arn|id|key_id)|alias\.[^.]+\.target_key_(arn|id))$`,
	written(target),
)

# METADATA
# description: "Region of a target that is the ARN of a key or an alias, unknown parts between ⟨ and ⟩."
region(target) := regex.find_all_string_submatch_n(
	`^(?:⟨[^⟩]*⟩|arn:(?:⟨[^⟩]*⟩|[^:⟨])+):kms:((?:⟨[^⟩]*⟩|[^:⟨])+):`,
	written(target), 1,
)[0][1]

# METADATA
# description: "Region and account of a target that is the ARN of a key, unknown parts between ⟨ and ⟩."
place(target) := {"region": found[1], "account": found[2]} if {
	startswith(written(target), "arn:")
	found := regex.find_all_string_submatch_n(
		`^arn:(?:⟨[^⟩]*⟩|[^:⟨])+:kms:((?:⟨[^⟩]*⟩|[^:⟨])+):((?:⟨[^⟩]*⟩|[^:⟨])+):key/`,
		written(target), 1,
	)[0]
}
