# METADATA
# title: Remedies
# description: "What to write instead, in the words of the input's format. Not in `kms.main`: an entrypoint holds no functions."
package kms.lib.remedy

# METADATA
# description: "What a rule's METADATA, `custom`, advises for an entity of a type."
of(custom, type) := concat("\n", [_words(custom), trim_suffix(snippet, "\n")]) if {
	snippet := _snippet(custom.snippets, _format(type))
} else := _words(custom)

_snippet(snippets, format) := snippets[format]

# There a policy is JSON in a text.
_snippet(snippets, "kubernetes") := snippets.policy if not snippets.kubernetes

# In one line: where the lines of METADATA end says nothing.
_words(custom) := replace(trim_space(custom.remediation), "\n", " ")

_format("policy") := "policy"

_format(type) := "cloudformation" if startswith(type, "AWS::")

_format(type) := "kubernetes" if contains(type, "/")

_format(type) := "terraform" if startswith(type, "aws_")

_format(type) := "terraform" if startswith(type, "awscc_")
