package kms.facts_test

import data.kms.facts

test_every_action_belongs_to_key_policies_or_to_iam_alone if {
	facts.actions == facts.key_policy_actions | facts.identity_only_actions
	facts.key_policy_actions & facts.identity_only_actions == set()
}

test_facts_about_actions_name_known_actions if {
	said := [facts.cross_account_actions, facts.undocumented_actions]
	operations := {action | some action in facts.operations[_]}
	conditioned := {action | some action in facts.condition_keys[_].actions}
	(union({actions | some actions in said}) | operations) | conditioned == facts.actions - facts.identity_only_actions
}

test_condition_keys_are_in_lower_case if {
	every key, about in facts.condition_keys {
		key == lower(about.name)
		startswith(key, "kms:")
	}
}

test_usages_name_what_keys_can_do if {
	usages := union({usages | some usages in facts.spec_usages})
	every usage in usages {
		facts.operations[usage]
	}
}

test_specs_of_single_partitions_are_known if {
	every spec, _ in facts.spec_partition {
		facts.spec_usages[spec]
	}
}

test_keys_are_created_by_kms_by_default if "AWS_KMS" in facts.origins
