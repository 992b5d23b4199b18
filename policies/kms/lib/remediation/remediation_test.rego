package kms.lib.remediation_test

import data.kms.lib.remediation

test_snippet_has_the_format_of_the_input[type] if {
	some type, expected in {
		"policy": "Do it.\n{}",
		"AWS::KMS::Key": "Do it.\nKey: 1",
		"aws_kms_key": "Do it.\nkey = 1",
		"awscc_kms_key": "Do it.\nkey = 1",
		"kms.services.k8s.aws/Key": "Do it.\nkey: 1",
		"Custom::Key": "Do it.",
	}
	snippets := {"policy": "{}", "cloudformation": "Key: 1", "terraform": "key = 1", "kubernetes": "key: 1"}
	remediation.render({"remediation": "Do it.\n", "snippets": snippets}, type) == expected
}

test_a_policy_is_json_in_kubernetes if {
	custom := {"remediation": "Do it.", "snippets": {"policy": "{}", "terraform": "key = 1"}}
	remediation.render(custom, "kms.aws.upbound.io/KeyPolicy") == "Do it.\n{}"
}

test_no_snippet if {
	remediation.render({"remediation": "Do it."}, "policy") == "Do it."
	remediation.render({"remediation": "Do it.", "snippets": {"policy": "{}"}}, "aws_kms_key") == "Do it."
}
