# METADATA
# title: Key spec not available in the Region
# description: "AWS KMS refuses to create the key. SM2 keys exist only in the China Regions, and ML-KEM keys only in the other Regions."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, kubernetes]
#   remediation: Use a key spec that is available in the Region.
#   snippets:
#     terraform: |
#       customer_master_key_spec = "ECC_NIST_P256"
#       key_usage                = "SIGN_VERIFY"
#     kubernetes: |
#       spec:
#         keySpec: ECC_NIST_P256
#         keyUsage: SIGN_VERIFY
package kms.rules.spec_not_in_region

import data.kms.facts
import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Fails when the partition of the key's Region does not support its spec: SM2 outside the China Regions, and
#   ML_KEM_512, ML_KEM_768 and ML_KEM_1024 in them. The verdict is unknown when the Region is known and the spec is
#   unknown.
# custom:
#   exceptions:
#   - Keys whose Region is unknown.
#   when_not: Never. The deployment fails.
fail contains result.at_field(key, "spec", message) if {
	some key in input.keys
	is_string(key.partition)
	where := facts.spec_partition[key.properties.spec]
	not _offers(where, key.partition)
	message := $"Key spec {key.properties.spec} is not available in the key's Region{_in_region(key)}; {_explanation(where)}."
}

unknown contains result.at_field(key, "spec", message) if {
	some key in input.keys
	is_string(key.partition)
	value.is_unknown(key.properties.spec)
	verdict := truth.unknown({value.cause(key.properties.spec)})
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the key spec is available in the key's Region{_in_region(key)}", verdict)
}

_in_region(key) := $" ({key.region})" if is_string(key.region)

else := ""

_offers(where, partition) if where == partition

_offers(where, partition) if {
	startswith(where, "!")
	where != $"!{partition}"
}

_explanation(where) := "AWS KMS does not offer it in the China Regions" if startswith(where, "!")

else := "AWS KMS offers it only in the China Regions"
