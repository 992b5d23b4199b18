# METADATA
# title: A key spec that the Region does not have
# description: "KMS refuses to make the key: SM2 exists in the China Regions alone, ML-KEM everywhere else."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
# custom:
#   level: error
#   category: settings
#   formats: [plan, kubernetes]
#   remediation: Take a key spec that the Region has.
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
#   A key of a spec that the partition of its Region lacks: SM2 outside China, ML_KEM_512, ML_KEM_768 and ML_KEM_1024
#   inside. It is unknown where the Region is known and the spec is not.
# custom:
#   exceptions:
#   - The Region is not known.
#   when_not: Never; the deployment fails.
fail contains result.at_field(key, "spec", message) if {
	some key in input.keys
	is_string(key.partition)
	where := facts.spec_partition[key.properties.spec]
	not _has(where, key.partition)
	message := $"Key spec {key.properties.spec} is not available in the key's Region{_region(key)}; {_availability(where)}."
}

unknown contains result.at_field(key, "spec", message) if {
	some key in input.keys
	is_string(key.partition)
	value.is_unknown(key.properties.spec)
	verdict := truth.unknown({value.cause(key.properties.spec)})
	message := result.cannot_tell($"the key spec is available in the key's Region{_region(key)}", verdict)
}

_region(key) := $" ({key.region})" if is_string(key.region)

else := ""

_has(where, partition) if where == partition

_has(where, partition) if {
	startswith(where, "!")
	where != $"!{partition}"
}

_availability(where) := "AWS KMS does not offer it in the China Regions" if startswith(where, "!")

else := "AWS KMS offers it only in the China Regions"
