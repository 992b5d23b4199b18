# METADATA
# title: All rules
# description: "The one entrypoint. A rule is a package below `data.kms.rules`; it registers nowhere."
package kms.main

import data.kms.lib.remediation
import data.kms.lib.variants
import data.kms.lib.verdicts

# METADATA
# description: "Every finding that stands: a failure where the resource fails in all of its variants, else an unknown verdict."
findings contains finding if {
	some rule, module in verdicts.by_rule

	# Most rules find nothing, so that their METADATA is not built.
	about := data.kms.rules[rule].about
	some result in variants.merge(module.fail, module.unknown)
	finding := object.union(object.remove(result, {"type"}), {
		"rule": rule,
		"level": object.get(result, "level", about.custom.level),
		"title": about.title,
		"why": about.description,
		"remediation": remediation.render(about.custom, result.type),
	})
}
