# METADATA
# title: Actions as they are written
# description: What the actions of a statement match.
package kms.lib.actions

import data.kms.facts

# METADATA
# description: "Those that a key policy can give, by their names in small letters."
named := {lower(action): action | some action in facts.key_policy_actions}

# METADATA
# description: "Those that a key policy can give and that a text such as `kms:Decrypt` or `kms:Get*` matches. Patterns are compiled anew in each evaluation: names, and beginnings of names, are compared without."
matched(text) := {named[name]} if {
	startswith(lower(text), "kms:")
	name := substring(lower(text), 4, -1)
} else := {action |
	beginning := substring(trim_suffix(lower(text), "*"), 4, -1)
	some name, action in named
	startswith(name, beginning)
} if {
	startswith(lower(text), "kms:")
	endswith(text, "*")
	trim(trim_suffix(lower(text), "*"), "abcdefghijklmnopqrstuvwxyz:") == ""
} else := {action |
	some name, action in named
	glob.match(lower(text), [], $"kms:{name}")
}
