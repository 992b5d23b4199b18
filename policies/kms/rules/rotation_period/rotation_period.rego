# METADATA
# title: Rotation period is out of range or has no effect
# description: "A long rotation period keeps old key material in use. AWS KMS rejects a period outside 90 to 2560 days, and a period has no effect while rotation is off."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   settings:
#     maximum:
#       type: integer
#       minimum: 90
#       maximum: 2560
#       default: 365
#       description: Longest rotation period, in days
#   remediation: Set a period from 90 days to the configured maximum, and turn on rotation.
#   snippets:
#     cloudformation: |
#       EnableKeyRotation: true
#       RotationPeriodInDays: 365
#     terraform: |
#       enable_key_rotation     = true
#       rotation_period_in_days = 365
#     kubernetes: |
#       spec:
#         forProvider:   # ACK has no field for the period
#           enableKeyRotation: true
#           rotationPeriodInDays: 365
package kms.rules.rotation_period

import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the rotation period is outside 90 to 2560 days, exceeds the configured maximum, or is set while
#   rotation is off. The verdict is unknown when the period is unknown, or when it is unknown whether rotation is
#   on.
# custom:
#   exceptions:
#   - A missing period, because AWS KMS then uses 365 days.
#   when_not: If your organization has no limit, set the maximum to 2560 instead of turning the rule off.
fail contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	not value.is_unknown(days)
	some message in _problems(key, days)
}

unknown contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	value.is_unknown(days)
	message := result.cannot_tell($"the rotation period is between 90 and {_maximum} days", truth.unknown({value.cause(days)}))
}

unknown contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	not value.is_unknown(days)
	count(_problems(key, days)) == 0
	rotation := value.is(key.properties.rotation, true)
	truth.is_unknown(rotation)
	message := result.cannot_tell($"automatic key rotation, whose period is {days} days, is enabled", rotation)
}

_problems(key, days) := {$"Rotation period is {days} days; AWS KMS requires 90 to 2560."} if {
	not _is_valid(days)
} else := {$"Rotation period is {days} days; the configured maximum is {_maximum}."} if {
	days > _maximum
} else := {$"Rotation period is {days} days, but automatic key rotation is disabled."} if {
	value.is(key.properties.rotation, false) == truth.yes
} else := set()

_is_valid(days) if {
	days >= 90
	days <= 2560
}

_periods := [[key, days] |
	some key in input.keys
	days := key.properties.rotationPeriodDays
	days != null
]

_maximum := settings.of("rotation_period", about).maximum
