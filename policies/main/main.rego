# METADATA
# title: Keywarden for conftest
# description: "Use it as `keywarden normalize FILE | conftest test -p policies -`. Unknown verdicts, notes and parts that were not checked are warnings; `metadata` tells them apart."
package main

import data.kms.main as kms

deny contains _result(finding) if {
	some finding in kms.findings
	finding.verdict == "fail"
	finding.level == "error"
}

warn contains _result(finding) if {
	some finding in kms.findings
	finding.verdict == "fail"
	finding.level in {"warning", "note"}
}

warn contains _result(finding) if {
	some finding in kms.findings
	finding.verdict == "unknown"
}

# Parts that Keywarden did not check are in the document, not in the findings of the rules.
warn contains object.union(object.remove(part, {"kind", "message", "remedy"}), {
	"msg": $"Not checked: {part.message} {part.remedy}",
	"_loc": object.filter(part, {"file", "line"}),
	"unseen": part.kind,
	"remediation": part.remedy,
}) if {
	some part in object.get(input, "unseen", [])
}

_result(finding) := object.union(object.remove(finding, {"message", "location"}), {
	"msg": finding.message,
	"_loc": {"file": finding.location.file, "line": finding.location.line},
	"column": finding.location.column,
	"pointer": finding.location.pointer,
})
