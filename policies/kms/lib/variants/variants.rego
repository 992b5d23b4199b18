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
	finding == _example(fails, finding)
}

# What fails in some variants only hangs on what tells them apart. One of them is example enough.
_hanging(fails) := {_verdict(object.union(finding, {"message": message}), "unknown") |
	some finding in fails
	not _all_fail(fails, finding)
	finding == _example(fails, finding)
	message := $"When {concat(" and ", finding.when)}: {finding.message}"
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
	count({other.entity | some other in fails; _place(other) == _place(finding)}) == finding.of
}

# Of the findings at one place of a resource in its variants, one stands for all.
_example(_, finding) := finding if count(finding.when) == 0

_example(fails, finding) := min([other |
	some other in fails
	other.location == finding.location
	_place(other) == _place(finding)
]) if {
	count(finding.when) > 0
}

# The entity without the name of its variant.
_place(finding) := [finding.file, split(trim_prefix(finding.entity, finding.file), " [")[0]]

_verdict(finding, verdict) := object.union(
	object.remove(finding, {"entity", "when", "of"}),
	{"verdict": verdict},
)
