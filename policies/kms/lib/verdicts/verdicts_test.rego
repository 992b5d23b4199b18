package kms.lib.verdicts_test

import data.kms.lib.verdicts

test_every_rule_has_a_title_a_level_and_a_remedy if {
	count(verdicts.by_rule) > 0
	every module in verdicts.by_rule {
		module.about.title != ""
		module.about.description != ""
		module.about.custom.level in {"error", "warning", "note", "off"}
		module.about.custom.remediation != ""
	}
}
