# METADATA
# title: Verdicts over variants
# description: "A resource that appears in variants fails where all of them fail. What fails in some of them only is unknown."
package kms.lib.variants

# METADATA
# description: "The findings of a rule with their verdicts. An unknown verdict of a resource that fails anyway is no finding."
settle(fails, unknowns) := (_plain(fails) | _varied(placed)) | _undecided(placed, unknowns) if {
	placed := [[_place(finding), finding] | some finding in fails]
}

_plain(fails) := {_verdict(finding, "fail") | some finding in fails; count(finding.assumptions) == 0}

# Of the findings at one place of a resource in its variants, one stands for all.
_varied(placed) := {result |
	some [place, finding] in placed
	count(finding.assumptions) > 0
	others := [other | some [at, other] in placed; at == place]
	finding == min([other | some other in others; other.location == finding.location])
	result := _settled(finding, others)
}

# What fails in some variants only hangs on what tells them apart.
_settled(finding, others) := _verdict(finding, "fail") if {
	count({other.entity | some other in others}) == finding.total
} else := _verdict(object.union(finding, {"message": message}), "unknown") if {
	message := $"When {concat(" and ", finding.assumptions)}: {finding.message}"
}

_undecided(placed, unknowns) := {_verdict(finding, "unknown") |
	count(unknowns) > 0
	places := {place | some [place, _] in placed}
	some finding in unknowns
	not places[_place(finding)]
}

# The entity without the name of its variant.
_place(finding) := [finding.file, split(trim_prefix(finding.entity, finding.file), " [")[0]]

_verdict(finding, verdict) := object.union(
	object.remove(finding, {"entity", "assumptions", "total"}),
	{"verdict": verdict},
)
