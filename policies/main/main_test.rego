package main_test

import data.kms.lib.fixture_test as fixture
import data.main

_finding := {
	"rule": "public_access",
	"level": "error",
	"verdict": "fail",
	"resource": "aws_kms_key.main",
	"file": "main.tf",
	"location": fixture.at("/key/policy"),
	"statement": "#1",
	"message": "Open.",
	"title": "The key is open",
	"why": "Anybody can use it.",
	"remediation": "Close it.",
}

_result := {
	"rule": "public_access",
	"level": "error",
	"verdict": "fail",
	"resource": "aws_kms_key.main",
	"file": "main.tf",
	"statement": "#1",
	"title": "The key is open",
	"why": "Anybody can use it.",
	"remediation": "Close it.",
	"msg": "Open.",
	"_loc": {"file": "main.tf", "line": 1},
	"column": 1,
	"pointer": "/key/policy",
}

test_denies_errors if {
	main.deny == {_result} with data.kms.main.findings as {_finding}
	main.warn == set() with data.kms.main.findings as {_finding}
}

test_warns[note] if {
	some note, change in {
		"warning": {"level": "warning"},
		"note": {"level": "note"},
		"unknown error": {"verdict": "unknown"},
		"unknown note": {"level": "note", "verdict": "unknown"},
	}
	finding := object.union(_finding, change)
	main.warn == {object.union(_result, change)} with data.kms.main.findings as {finding}
	main.deny == set() with data.kms.main.findings as {finding}
}

test_leaves_out_rules_that_are_off if {
	finding := object.union(_finding, {"level": "off"})
	main.warn == set() with data.kms.main.findings as {finding}
	main.deny == set() with data.kms.main.findings as {finding}
}

test_reports_the_findings_of_the_rules if {
	some result in main.deny with input as fixture.document_with([fixture.statement({"principals": [fixture.everyone]})])
	result.rule == "public_access"
}

test_warn_has_the_parts_that_were_not_checked if {
	part := {"kind": "macro", "file": "key.yaml", "line": 3, "subject": "M", "message": "M can change it.", "remedy": "Check it."}
	document := object.union(fixture.document([], []), {"unseen": [part]})
	main.warn == {{
		"msg": "Not checked: M can change it. Check it.",
		"_loc": {"file": "key.yaml", "line": 3},
		"unseen": "macro", "subject": "M",
		"file": "key.yaml", "line": 3,
		"remediation": "Check it.",
	}} with input as document
}
