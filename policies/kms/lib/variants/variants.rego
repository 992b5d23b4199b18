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

# One finding represents those at the same location in the variants of a resource.
_with_variants(failed) := {result |
	some [resource, finding] in failed
	count(finding.assumptions) > 0
	others := [other | some [other_resource, other] in failed; other_resource == resource]
	finding == min([other | some other in others; other.location == finding.location])
	result := _combined(finding, others)
}

# If only some variants fail, the message names the assumptions of one that does.
_combined(finding, others) := _verdict(finding, "fail") if {
	count({other.entity | some other in others}) == finding.total
} else := _verdict(object.union(finding, {"message": message, "failsIf": finding.assumptions}), "unknown") if {
	message := $"If {concat(" and ", finding.assumptions)}: {finding.message}"
}

_remaining(failed, unknowns) := {_verdict(finding, "unknown") |
	count(unknowns) > 0
	failing := {resource | some [resource, _] in failed}
	some finding in unknowns
	not failing[_resource(finding)]
	_represents_its_variants(finding, unknowns)
}

# The causes may differ between variants: one finding represents those that ask the same question at one location.
_represents_its_variants(finding, unknowns) if {
	count(finding.assumptions) == 0
} else if {
	finding.message == min({other.message |
		some other in unknowns
		other.location == finding.location
		_resource(other) == _resource(finding)
		_question(other) == _question(finding)
	})
}

_question(finding) := split(finding.message, ": ")[0]

# An entity ID ends with the assumptions of its variant, which are not part of the resource.
_resource(finding) := [finding.file, split(trim_prefix(finding.entity, finding.file), " [")[0]]

_verdict(finding, verdict) := object.union(
	object.remove(finding, {"entity", "assumptions", "total"}),
	{"verdict": verdict},
)
