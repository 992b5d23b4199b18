# METADATA
# title: Verdicts of all rules
# description: "What each rule says. Not in `kms.main`: an entrypoint hands out all that its package holds."
package kms.lib.verdicts

# METADATA
# description: "By rule that finds anything: what it fails and leaves unknown. A rule registers nowhere."
by_rule[rule] := {"fail": fail, "unknown": unknown} if {
	fail := data.kms.rules[rule].fail
	unknown := data.kms.rules[rule].unknown
	count(fail) + count(unknown) > 0
}
