package kms.lib.specs_test

import data.kms.lib.specs

test_all_usages_are_those_of_some_spec if {
	specs.all_usages == {
		"ENCRYPT_DECRYPT",
		"SIGN_VERIFY",
		"GENERATE_VERIFY_MAC",
		"KEY_AGREEMENT",
		"ENCAPSULATE_DECAPSULATE",
	}
}

test_usages_of_a_spec if {
	specs.usages.SYMMETRIC_DEFAULT == {"ENCRYPT_DECRYPT"}
	specs.usages.RSA_4096 == {"ENCRYPT_DECRYPT", "SIGN_VERIFY"}
}
