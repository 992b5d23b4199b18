# METADATA
# title: Access that a statement gives
# description: "Reads the facts that the analysis puts on statements: who a statement reaches, after all Deny statements of the policy. `Access` in `src/core/model/policy.ts` describes the properties."
package kms.lib.access

import data.kms.lib.truth

# METADATA
# description: Returns the truth of a property for one action and one principal of a statement.
truth_of(statement, index, property, action) := truth.any_of({_truth(group, property) |
	some group in _groups(statement, index)
	action in group.actions
})

# METADATA
# description: Returns the truth of a property for any action of one principal of a statement.
any(statement, index, property) := truth.any_of({_truth(group, property) | some group in _groups(statement, index)})

# METADATA
# description: Returns the truth of a property for at least one of these actions.
any_of(statement, index, property, actions) := truth.any_of(_truths(statement, index, property, actions))

# METADATA
# description: Returns the truth of a property for each of these actions.
every_of(statement, index, property, actions) := truth.no if {
	count(actions - possible_actions_with(statement, index, property)) > 0
} else := truth.every_of(_truths(statement, index, property, actions))

# METADATA
# description: Returns why it is unknown whether a property holds for these actions.
doubts(statement, index, property, actions) := truth.causes(_truths(statement, index, property, actions))

# METADATA
# description: "Returns the truth of a property for one action and anyone whom the statement reaches, also by NotPrincipal."
anyone(statement, property, action) := truth.any_of({_truth(group, property) |
	some group in statement.access
	action in group.actions
})

# METADATA
# description: Returns the actions for which a property holds for one principal of a statement.
actions_with(statement, index, property) := {action |
	some group in _groups(statement, index)
	_truth(group, property) == truth.yes
	some action in group.actions
}

# METADATA
# description: "Returns the actions for which a property may hold: the certain ones, and those that depend on unknown values."
possible_actions_with(statement, index, property) := {action |
	some group in _groups(statement, index)
	_truth(group, property) != truth.no
	some action in group.actions
}

# METADATA
# description: "Returns the accounts and organizations that conditions restrict one principal of a statement to, as a list of alternatives."
callers(statement, index) := [alternative |
	some group in _groups(statement, index)
	some alternative in group.callers
]

_truths(statement, index, property, actions) := {_truth(group, property) |
	some group in _groups(statement, index)
	some action in group.actions
	actions[action]
}

_groups(statement, index) := [group | some group in statement.access; index in group.principals]

_truth(group, property) := truth.no if {
	not group[property]
} else := truth.yes if {
	group[property] == true
} else := truth.unknown({cause | some cause in group[property]})
