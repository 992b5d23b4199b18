# METADATA
# title: A rotation period out of bounds
# description: "A long period keeps old key material in use; one that AWS does not take, or that is set while rotation is off, has no effect at all."
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
#       description: The longest period, in days
#   remediation: Take a period from 90 days to the longest that is allowed, and turn rotation on.
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
#   A rotation period outside 90 to 2560 days, or above the configured maximum, or one that is set while rotation is off.
#   It is unknown where the period, or whether rotation is on, is not known.
# custom:
#   exceptions:
#   - No period is set; AWS then takes 365 days.
#   when_not: The organisation has no limit of its own; then set the maximum to 2560.
fail contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	not value.is_unknown(days)
	some message in _problems(key, days)
}

unknown contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	count(_certain_problems(key, days)) == 0
	value.is_unknown(days)
	message := result.cannot_tell($"the rotation period is between 90 and {_maximum} days", truth.unknown({value.cause(days)}))
}

unknown contains result.at_field(key, "rotationPeriodDays", message) if {
	some [key, days] in _periods
	count(_certain_problems(key, days)) == 0
	not value.is_unknown(days)
	rotation := value.is(key.properties.rotation, true)
	message := result.cannot_tell($"automatic key rotation, whose period is {days} days, is enabled", rotation)
}

_certain_problems(key, days) := _problems(key, days) if {
	not value.is_unknown(days)
} else := set()

_problems(_, days) := {$"Rotation period is {days} days; AWS KMS requires 90 to 2560."} if {
	not _legal(days)
} else := {$"Rotation period is {days} days; the configured maximum is {_maximum}."} if {
	days > _maximum
}

_problems(key, days) := {$"Rotation period is {days} days, but automatic key rotation is disabled."} if {
	_legal(days)
	days <= _maximum
	value.is(key.properties.rotation, false) == truth.yes
} else := set() if {
	_legal(days)
	days <= _maximum
}

_legal(days) if {
	days >= 90
	days <= 2560
}

_periods := [[key, days] |
	some key in input.keys
	days := key.properties.rotationPeriodDays
	days != null
]

_maximum := settings.of("rotation_period", about).maximum
