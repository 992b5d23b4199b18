# METADATA
# title: All rules
# description: "The only entrypoint. Each rule is a package below `data.kms.rules`; no list registers it."
package kms.main

import data.kms.lib.remediation
import data.kms.lib.variants
import data.kms.lib.verdicts

# METADATA
# description: "All findings. A resource fails if all of its variants fail; otherwise its verdict is unknown."
findings contains finding if {
	some rule, module in verdicts.by_rule

	# Most rules find nothing, so their METADATA is not built.
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
