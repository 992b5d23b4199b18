package kms.lib.actions_test

import data.kms.facts
import data.kms.lib.actions

test_matched[note] if {
	some note, tc in {
		"a name": {"text": "kms:Decrypt", "want": {"Decrypt"}},
		"without case": {"text": "KMS:decrypt", "want": {"Decrypt"}},
		"matchesEverything": {"text": "*", "want": facts.key_policy_actions},
		"everything of KMS": {"text": "kms:*", "want": facts.key_policy_actions},
		"everything of any service": {"text": "k*", "want": facts.key_policy_actions},
		"a beginning": {"text": "kms:ReEncrypt*", "want": {"ReEncryptFrom", "ReEncryptTo"}},
		"a beginning that is a name": {"text": "kms:Encrypt*", "want": {"Encrypt"}},
		"an end": {"text": "kms:*Grant", "want": {"CreateGrant", "RetireGrant", "RevokeGrant"}},
		"stars at both ends": {"text": "*:*Alias", "want": {"CreateAlias", "DeleteAlias", "UpdateAlias"}},
		"two stars": {"text": "kms:ReEncrypt**", "want": {"ReEncryptFrom", "ReEncryptTo"}},
		"a question mark": {"text": "kms:V?rify", "want": {"Verify"}},
		"a question mark before the star": {"text": "kms:Verif?*", "want": {"Verify", "VerifyMac"}},
		"a name without its service": {"text": "Decrypt", "want": set()},
		"a beginning with a second colon": {"text": "kms::*", "want": set()},
		"no action": {"text": "kms:Decript", "want": set()},
		"no beginning": {"text": "kms:Foo*", "want": set()},
		"another service": {"text": "s3:*", "want": set()},
		"an action of IAM policies only": {"text": "kms:CreateKey", "want": set()},
	}
	actions.matched(tc.text) == tc.want
}
