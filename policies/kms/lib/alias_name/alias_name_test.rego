package kms.lib.alias_name_test

import data.kms.lib.alias_name

test_memorable[name] if {
	some name in [
		"alias/orders",
		"alias/team/payments-prod",
		"alias/KMSKeyForOrders",
		"alias/PaymentsDB",
		"alias/S3Bucket",
		"alias/ordersKey",
		"alias/logs-1234567890abcdef",
		"alias/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab-billing",
		"alias/decade",
		"alias/OrdersKey1B45D9DA",
		"alias/stackorders0123456789abcdef0123",
		"orders",
	]
	alias_name.memorable(name)
}

test_not_memorable[name] if {
	some name in [
		"alias/",
		"alias/key",
		"alias/my-key",
		"alias/MyKMSKey",
		"alias/test_key_1",
		"alias/TestCMK2",
		"alias/ab/cd",
		"alias/0f1e2d3c-aaaa-bbbb-cccc-0123456789ab",
		"alias/0F1E2D3CAAAABBBBCCCC0123456789AB",
		"alias/key-1a2b3c4d5e",
		"alias/123456",
		"alias/Key9ABCDEF0",
		"alias/key0123456789abcdef0123",
		"alias/---",
	]
	not alias_name.memorable(name)
}

test_placeholders[name] if {
	some name, found in {
		"alias/orders": [],
		"alias/${stage}-key": ["${stage}"],
		"alias/{{ stage }}/$TEAM": ["{{ stage }}", "$TEAM"],
	}
	alias_name.placeholders(name) == found
}
