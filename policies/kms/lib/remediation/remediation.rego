# METADATA
# title: Remediation
# description: "How to fix a finding, with a snippet in the format of the input. It is not in `kms.main`, because an entrypoint must not contain functions."
package kms.lib.remediation

# METADATA
# description: "Returns the advice of a rule for an entity of some type. `custom` is from the METADATA of the rule."
render(custom, type) := concat("\n", [_advice(custom), trim_suffix(snippet, "\n")]) if {
	snippet := _snippet(custom.snippets, _format(type))
} else := _advice(custom)

_snippet(snippets, format) := snippets[format]

# In Kubernetes a key policy is a JSON string.
_snippet(snippets, "kubernetes") := snippets.policy if not snippets.kubernetes

# The line breaks of METADATA have no meaning.
_advice(custom) := replace(trim_space(custom.remediation), "\n", " ")

_format("policy") := "policy"

_format(type) := "cloudformation" if startswith(type, "AWS::")

_format(type) := "kubernetes" if contains(type, "/")

_format(type) := "terraform" if startswith(type, "aws_")

_format(type) := "terraform" if startswith(type, "awscc_")
