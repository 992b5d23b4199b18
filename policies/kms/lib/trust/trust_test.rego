package kms.lib.trust_test

import data.kms.lib.trust

test_nobody_is_trusted_by_default if {
	trust.accounts == set()
	trust.organizations == set()
	not trust.configured
}

test_a_list if {
	accounts := trust.accounts with data.keywarden.settings as {"trust": {"accounts": ["444455556666"]}}
	accounts == {"444455556666"}
	configured := trust.configured with data.keywarden.settings as {"trust": {"organizations": ["o-1234567890"]}}
	configured
}
