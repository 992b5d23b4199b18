package kms.lib.patterns_test

import data.kms.lib.patterns

test_matches[note] if {
	some note, example in {
		"itself": ["aws_kms_key.old", "aws_kms_key.old"],
		"an instance": [`aws_kms_key.old["a"]`, `aws_kms_key.old["a"]`],
		"instances": [`aws_kms_key.old[*]`, `aws_kms_key.old["a.b"]`],
		"across dots": ["module.*", "module.a.module.b.aws_kms_key.old"],
		"in the middle": ["*.aws_kms_key.*", "module.a.aws_kms_key.old"],
		"matchesEverything": ["*", "OrdersKey"],
	}
	patterns.match_any(["other", example[0]], example[1])
}

test_does_not_match[note] if {
	some note, example in {
		"a part": ["aws_kms_key.ol", "aws_kms_key.old"],
		"a dot is a dot": ["aws_kms_key.old", "aws_kms_keyxold"],
		"letters in brackets": ["aws_kms_key[ab]", "aws_kms_keya"],
	}
	not patterns.match_any([example[0]], example[1])
}

test_no_patterns if {
	not patterns.match_any([], "OrdersKey")
}
