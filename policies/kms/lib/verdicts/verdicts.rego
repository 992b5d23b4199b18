# METADATA
# title: Verdicts of all rules
# description: "Collects the findings of the rules. It is not in `kms.main`, because an entrypoint returns everything in its package."
package kms.lib.verdicts

# METADATA
# description: "Findings by rule, for rules that find anything. Rules are not registered anywhere: each is a package below `data.kms.rules`."
by_rule[rule] := {"fail": fail, "unknown": unknown} if {
	fail := data.kms.rules[rule].fail
	unknown := data.kms.rules[rule].unknown
	count(fail) + count(unknown) > 0
}
