# METADATA
# title: Verdicts over variants
# description: "A resource that appears in variants fails where all of them fail. What fails in some of them only is unknown."
package kms.lib.variants

# METADATA
# description: "The findings of a rule with their verdicts. An unknown verdict of a resource that fails anyway is no finding."
settle(fails, unknowns) := (_failing(fails) | _hanging(fails)) | _undecided(fails, unknowns)

_failing(fails) := {_verdict(finding, "fail") |
	some finding in fails
	_all_fail(fails, finding)
}

# What fails in some variants only hangs on what tells them apart.
_hanging(fails) := {_verdict(object.union(finding, {"message": message}), "unknown") |
	some finding in fails
	not _all_fail(fails, finding)
	message := $"Only when {concat(" and ", finding.when)}: {finding.message}"
}

_undecided(fails, unknowns) := {_verdict(finding, "unknown") |
	count(unknowns) > 0
	places := {_place(finding) | some finding in fails}
	some finding in unknowns
	not _place(finding) in places
}

_all_fail(_, finding) if count(finding.when) == 0

_all_fail(fails, finding) if {
	count(finding.when) > 0
	entities := {other.entity |
		some other in fails
		_place(other) == _place(finding)
	}
	count(entities) == count(_ids[_place(finding)])
}

_place(finding) := [finding.file, finding.resource]

# The ids of each resource that appears in variants.
_ids := {place: ids |
	some entity in _varied
	place := [entity.location.file, entity.resource]
	ids := {other.id |
		some other in _varied
		[other.location.file, other.resource] == place
	}
}

_varied := [entity |
	some list in [input.keys, input.aliases, input.grants]
	some entity in list
	entity.variant
]

_verdict(finding, verdict) := object.union(
	object.remove(finding, {"entity", "when"}),
	{"verdict": verdict},
)
