# METADATA
# title: Verdicts over variants
# description: "A resource that appears in variants fails if all of them fail. If only some of them fail, the verdict is unknown."
package kms.lib.variants

# METADATA
# description: "Returns the findings of a rule with their verdicts. If a resource fails, its unknown verdicts are left out."
merge(fails, unknowns) := (_without_variants(fails) | _with_variants(failed)) | _remaining(failed, unknowns) if {
	failed := [[_resource(finding), finding] | some finding in fails]
}

_without_variants(fails) := {_verdict(finding, "fail") | some finding in fails; count(finding.assumptions) == 0}

# One finding represents those at the same location in the variants of a resource. The findings are sorted, because to
# compare each with all others takes too long for a resource with many of them. Texts are compared faster than objects.
_with_variants(failed) := {result |
	some i, [resource, _, _, finding] in sorted
	_is_first(sorted, i, 2)
	result := _combined(finding, failing[resource])
} if {
	sorted := sort([[resource, json.marshal(finding.location), finding.assumptions, finding] |
		some [resource, finding] in failed
		count(finding.assumptions) > 0
	])
	failing := {resource: count(variants) |
		some resource in {resource | some [resource, _, _, _] in sorted}
		variants := {finding.entity | some [other, _, _, finding] in sorted; other == resource}
	}
}

# Holds if no entry before one in a sorted list has the same first members.
_is_first(sorted, i, members) if {
	before := [array.slice(entry, 0, members) | some entry in array.slice(sorted, i - 1, i)]
	not array.slice(sorted[i], 0, members) in before
}

# If only some variants fail, the message names the assumptions of one that does.
_combined(finding, failing) := _verdict(finding, "fail") if {
	failing == finding.total
} else := _verdict(object.union(finding, {"message": message, "failsIf": finding.assumptions}), "unknown") if {
	message := $"If {concat(" and ", finding.assumptions)}: {finding.message}"
}

_remaining(failed, unknowns) := {_verdict(finding, "unknown") | some finding in (plain | representatives)} if {
	failing := {resource | some [resource, _] in failed}
	left := [finding | some finding in unknowns; not failing[_resource(finding)]]
	plain := {finding | some finding in left; count(finding.assumptions) == 0}

	# The causes may differ between variants: one finding represents those that ask the same question at one location.
	sorted := sort([[_resource(finding), json.marshal(finding.location), _question(finding), finding.message, finding] |
		some finding in left
		count(finding.assumptions) > 0
	])
	representatives := {finding | some i, [_, _, _, _, finding] in sorted; _is_first(sorted, i, 3)}
}

_question(finding) := split(finding.message, ": ")[0]

# An entity ID ends with the assumptions of its variant, which are not part of the resource.
_resource(finding) := [finding.file, split(trim_prefix(finding.entity, finding.file), " [")[0]]

_verdict(finding, verdict) := object.union(
	object.remove(finding, {"entity", "assumptions", "total"}),
	{"verdict": verdict},
)
