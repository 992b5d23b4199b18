# METADATA
# title: Regulated data without a key of your own
# description: "A key that AWS owns or manages has no key policy that you write: nobody can be kept from the data by it, it cannot be disabled, and its use cannot be told apart."
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
#       description: Tags that classify data, compared without case, hyphens, underscores and spaces
#     values:
#       type: array
#       items: {type: string}
#       default: [phi, pci, pii, hipaa, regulated, confidential]
#       description: Their values that ask for a key of your own, compared without case
#   remediation: |
#     Encrypt the data with a customer managed key.
#   snippets:
#     cloudformation: |
#       KmsMasterKeyId: !GetAtt OrdersKey.Arn   # the argument goes by the type of the resource
#     terraform: |
#       kms_master_key_id = aws_kms_key.orders.arn   # the argument goes by the type of the resource
package kms.rules.regulated_data_without_cmk

import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   A resource that stores data, tagged as regulated, that is encrypted with no KMS key or with one that AWS manages
#   (`alias/aws/…`). It is unknown where the tags, their values or the key are not known.
# custom:
#   exceptions:
#   - Stores without such a tag.
#   - Stores whose encryption another resource decides, such as the instances of a cluster and what is restored from a snapshot.
#   when_not: Your data are classified in other ways than by tags.
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
	_plain(name) in _names
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
	found := _of_key(use)
] if {
	consumer.encryption == "key"
} else := []

_of_key(use) := [use.location, truth.yes, $"{use.argument} is {use.key.alias}, an AWS managed key"] if {
	startswith(use.key.alias, "alias/aws/")
} else := [use.location, truth.unknown({value.cause(use.key.text)}), ""] if {
	not use.key.alias
	count(use.key.keys) == 0
	value.is_unknown(use.key.text)
}

_settings := settings.of("regulated_data_without_cmk", about)

_names := {_plain(name) | some name in _settings.tags}

_values := {lower(text) | some text in _settings.values}

_plain(name) := strings.replace_n({"-": "", "_": "", " ": ""}, lower(name))
