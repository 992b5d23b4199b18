# METADATA
# title: Deletion waiting period is short
# description: "After the waiting period, AWS KMS deletes the key and every ciphertext under it becomes unreadable. A longer period leaves time to notice applications that still use the key."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# custom:
#   level: note
#   category: settings
#   formats: [cloudformation, plan, kubernetes]
#   settings:
#     minimum:
#       type: integer
#       minimum: 7
#       maximum: 30
#       default: 30
#       description: Shortest waiting period, in days
#   remediation: Set the waiting period to 30 days, or remove the setting to use the AWS default of 30 days.
#   snippets:
#     cloudformation: |
#       PendingWindowInDays: 30
#     terraform: |
#       deletion_window_in_days = 30
#     kubernetes: |
#       metadata:
#         annotations:
#           kms.services.k8s.aws/pending-window-in-days: "30"
package kms.rules.short_deletion_window

import data.kms.lib.result
import data.kms.lib.settings
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the waiting period is shorter than the configured minimum. The level is error if the period is
#   outside 7 to 30 days, because AWS KMS rejects it.
# custom:
#   exceptions:
#   - A missing waiting period, because AWS KMS then uses 30 days.
#   when_not: Turn this rule off for short-lived keys, as in test accounts.
fail contains result.at_field(key, "deletionWindowDays", message) if {
	some [key, days] in _windows
	_is_valid(days)
	days < _minimum
	message := $"Deletion waiting period is {days} days; the configured minimum is {_minimum}."
}

fail contains object.union(result.at_field(key, "deletionWindowDays", message), {"level": "error"}) if {
	some [key, days] in _windows
	is_number(days)
	not _is_valid(days)
	message := $"Deletion waiting period is {days} days; AWS KMS requires 7 to 30."
}

unknown contains result.at_field(key, "deletionWindowDays", message) if {
	some [key, days] in _windows
	value.is_unknown(days)
	message := result.cannot_tell($"the deletion waiting period is at least {_minimum} days", truth.unknown({value.cause(days)}))
}

_windows := [[key, days] |
	some key in input.keys
	days := key.properties.deletionWindowDays
]

_is_valid(days) if {
	is_number(days)
	days >= 7
	days <= 30
}

_minimum := settings.of("short_deletion_window", about).minimum
