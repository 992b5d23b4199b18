# METADATA
# title: Key material or password in code
# description: "Anyone who can read the repository, the plan or the state can read the key material or password. The Git history keeps the value after you remove it from the code."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys.html
# - https://developer.hashicorp.com/terraform/language/manage-sensitive-data
# custom:
#   level: error
#   category: settings
#   formats: [plan]
#   remediation: |
#     Pass the value through a sensitive variable or a write-only argument. Treat the exposed value as compromised
#     and replace it.
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
#   Fails when a secret is a literal, is read from a file next to the code, or is the default of a variable that is
#   not sensitive. Secrets are key material (`key_material_base64`), the password of a custom key store, the secret
#   of an external key store proxy, and the plaintext of `aws_kms_ciphertext`. The verdict is unknown when the plan
#   does not show how the value is set.
# custom:
#   exceptions:
#   - Sensitive variables.
#   - Write-only arguments.
#   - Values from resources and data sources.
#   when_not: Never. The value is exposed.
fail contains result.at(secret, secret.location, message) if {
	some secret in input.secrets
	value.is(secret.literal, true) == truth.yes
	message := $"The code contains the value of {secret.argument}; it must come from a sensitive variable or a write-only argument."
}

unknown contains result.at(secret, secret.location, message) if {
	some secret in input.secrets
	verdict := value.is(secret.literal, true)
	truth.is_unknown(verdict)
	message := result.cannot_tell($"the code contains the value of {secret.argument}", verdict)
}
