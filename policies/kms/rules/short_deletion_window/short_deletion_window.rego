# METADATA
# title: A short waiting period before deletion
# description: "After the waiting period a deleted key, and all that it encrypted, is lost for good; thirty days leave time to notice."
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
#       description: The shortest waiting period, in days
#   remediation: |
#     Take the full waiting period, or leave the setting out: AWS then takes 30 days.
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
#   A waiting period before deletion that is shorter than the configured minimum. One outside of 7 to 30 days,
#   which KMS refuses, is an error.
# custom:
#   exceptions:
#   - 'No waiting period given: AWS takes 30 days.'
#   when_not: Keys of short life are deleted as a rule, as in test accounts.
fail contains result.at_field(key, "deletionWindowDays", message) if {
	some [key, days] in _windows
	_legal(days)
	days < _minimum
	message := $"Deletion waiting period is {days} days; the configured minimum is {_minimum}."
}

fail contains object.union(result.at_field(key, "deletionWindowDays", message), {"level": "error"}) if {
	some [key, days] in _windows
	is_number(days)
	not _legal(days)
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

_legal(days) if {
	is_number(days)
	days >= 7
	days <= 30
}

_minimum := settings.of("short_deletion_window", about).minimum
