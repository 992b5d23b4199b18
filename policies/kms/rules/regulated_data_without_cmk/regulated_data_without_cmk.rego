# METADATA
# title: Regulated data without a customer managed key
# description: "You cannot edit the key policy of an AWS owned or AWS managed key, so you cannot use the key to deny access to the data. You also cannot disable the key, or tell its use for this data apart from other uses."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# - https://docs.aws.amazon.com/prescriptive-guidance/latest/encryption-best-practices/general-encryption-best-practices.html
# custom:
#   level: error
#   presets:
#     cheat-sheet: error
#   category: around
#   formats: [cloudformation, plan]
#   settings:
#     tags:
#       type: array
#       items: {type: string}
#       default: [data-classification, data-class, classification]
#       description: Tags that classify data; names ignore case, hyphens, underscores and spaces
#     values:
#       type: array
#       items: {type: string}
#       default: [phi, pci, pii, hipaa, regulated, confidential]
#       description: Values of these tags that require a customer managed key; case-insensitive
#   remediation: |
#     Encrypt the data with a customer managed key. Before you change the key, check whether the change replaces
#     the resource.
#   snippets:
#     cloudformation: |
#       KmsMasterKeyId: !GetAtt OrdersKey.Arn   # the property name depends on the resource type
#     terraform: |
#       kms_master_key_id = aws_kms_key.orders.arn   # the argument name depends on the resource type
package kms.rules.regulated_data_without_cmk

import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when a resource that stores data has a tag for regulated data and is encrypted without a KMS key or with
#   an AWS managed key (`alias/aws/…`). The verdict is unknown when the tags, their values or the key are unknown.
# custom:
#   exceptions:
#   - Data stores without such a tag.
#   - Data stores whose encryption is configured on another resource, such as cluster instances and resources restored from a snapshot.
#   when_not: Turn this rule off if you do not classify your data by tags.
fail contains result.at(consumer, location, message) if {
	some [consumer, tagged, tag] in _tagged
	tagged == truth.yes
	some [location, verdict, why] in _encryptions(consumer)
	verdict == truth.yes
	message := $"{tag}, which requires a customer managed KMS key, but {why}."
}

unknown contains result.at(consumer, location, message) if {
	some [consumer, tagged, _] in _tagged
	some [location, verdict, _] in _encryptions(consumer)
	question := "the resource stores regulated data without a customer managed KMS key"
	message := result.cannot_tell(question, truth.every_of({tagged, verdict}))
}

# Resources that store data and have a tag that marks it as regulated, or an unknown one; with the tag as a clause.
_tagged := [[consumer, tagged, tag] |
	some consumer in input.consumers
	consumer.encryption
	tags := _tags(consumer.tags)
	count(tags) > 0
	tagged := truth.any_of({marked | some [marked, _] in tags})
	tag := max({clause | some [_, clause] in tags})
]

_tags(tags) := {[truth.unknown({value.cause(tags)}), ""]} if {
	value.is_unknown(tags)
} else := {tag |
	some name, content in tags
	_normalized(name) in _names
	tag := _tag(name, content)
}

_tag(name, content) := [truth.unknown({value.cause(content)}), ""] if {
	value.is_unknown(content)
} else := [truth.yes, $"The tag {name} is {content}"] if {
	lower(trim_space(content)) in _values
}

# How data is encrypted if no customer managed key does it: the location, the truth of it, and a clause about it.
_encryptions(consumer) := [[consumer.location, truth.yes, "the resource does not set a KMS key"]] if {
	consumer.encryption == "default"
} else := [[consumer.location, truth.unknown({value.cause(consumer.encryption)}), ""]] if {
	value.is_unknown(consumer.encryption)
} else := [found |
	some use in consumer.uses
	use.main
	found := _encryption_with(use)
] if {
	consumer.encryption == "key"
} else := []

_encryption_with(use) := [use.location, truth.yes, $"{use.argument} is {use.key.alias}, an AWS managed key"] if {
	startswith(use.key.alias, "alias/aws/")
} else := [use.location, truth.unknown({value.cause(use.key.text)}), ""] if {
	not use.key.alias
	count(use.key.keys) == 0
	value.is_unknown(use.key.text)
}

_settings := settings.of("regulated_data_without_cmk", about)

_names := {_normalized(name) | some name in _settings.tags}

_values := {lower(text) | some text in _settings.values}

_normalized(name) := strings.replace_n({"-": "", "_": "", " ": ""}, lower(name))
