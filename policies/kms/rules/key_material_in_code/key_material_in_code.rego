# METADATA
# title: A secret written into the code
# description: "Who can read the repository, the plan or the state has the key material or password, and the history keeps it after it is taken out."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
# - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
# custom:
#   level: error
#   category: settings
#   formats: [plan]
#   remediation: Give it by a sensitive variable or a write-only argument, and change what has been in the code.
#   snippets:
#     terraform: |
#       variable "key_material" {
#         type      = string
#         sensitive = true
#         ephemeral = true
#       }
package kms.rules.key_material_in_code

import data.kms.lib.result
import data.kms.lib.truth
import data.kms.lib.value

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Key material (`key_material_base64`), the password of a custom key store, the secret of an external key store's proxy,
#   or the plaintext of `aws_kms_ciphertext`, written as a literal, read from a file beside the code, or as the default of
#   a variable that is not sensitive. It is unknown where the plan does not show how the value is written.
# custom:
#   exceptions:
#   - Sensitive variables.
#   - Write-only arguments.
#   - Values that resources and data sources give.
#   when_not: Never.
fail contains result.at(secret, secret.location, message) if {
	some secret in input.secrets
	value.is(secret.literal, true) == truth.yes
	message := $"The code contains the value of {secret.argument}; it must come from a sensitive variable or a write-only argument."
}

unknown contains result.at(secret, secret.location, message) if {
	some secret in input.secrets
	message := result.cannot_tell($"the code contains the value of {secret.argument}", value.is(secret.literal, true))
}
