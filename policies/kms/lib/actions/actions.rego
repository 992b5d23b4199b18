# METADATA
# title: Action patterns
# description: Resolves the actions of a statement.
package kms.lib.actions

import data.kms.facts

# METADATA
# description: Actions that a key policy can allow, by their names in lower case.
named := {lower(action): action | some action in facts.key_policy_actions}

# METADATA
# description: "Returns the actions that a key policy can allow and that a string such as `kms:Decrypt` or `kms:Get*` matches. WebAssembly compiles patterns in each evaluation, so names and prefixes are compared without one."
matched(string) := {named[name]} if {
	startswith(lower(string), "kms:")
	name := substring(lower(string), 4, -1)
} else := {action |
	prefix := substring(trim_suffix(lower(string), "*"), 4, -1)
	some name, action in named
	startswith(name, prefix)
} if {
	startswith(lower(string), "kms:")
	endswith(string, "*")
	trim(trim_suffix(lower(string), "*"), "abcdefghijklmnopqrstuvwxyz:") == ""
} else := {action |
	some name, action in named
	glob.match(lower(string), [], $"kms:{name}")
}
