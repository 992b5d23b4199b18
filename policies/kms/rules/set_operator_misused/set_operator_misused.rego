# METADATA
# title: A set operator where it does not belong
# description: "ForAllValues also holds where the key is missing, and a plain operator on a key of several values never compares as one thinks: the condition says something else than it seems to."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [ForAllValues with single valued key]
#   remediation: Take no set operator on a key of one value, one on a key of several, and beside ForAllValues in an Allow demand that the key is there.
#   snippets:
#     policy: |
#       "Condition": {"ForAllValues:StringEquals": {"kms:GrantOperations": ["Decrypt"]}, "Null": {"kms:GrantOperations": "false"}}
#     cloudformation: |
#       Condition:
#         ForAllValues:StringEquals:
#           kms:GrantOperations: [Decrypt]
#         "Null":
#           kms:GrantOperations: "false"
#     terraform: |
#       Condition = {
#         "ForAllValues:StringEquals" = { "kms:GrantOperations" = ["Decrypt"] }
#         Null                        = { "kms:GrantOperations" = "false" }
#       }
package kms.rules.set_operator_misused

import data.kms.facts
import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   ForAllValues or ForAnyValue on a condition key of one value; a key of several values without either; or, in an Allow,
#   ForAllValues without a condition that demands that the key is there.
# custom:
#   exceptions:
#   - Condition keys that are not known.
#   - ForAllValues on kms:GrantOperations in a statement about kms:CreateGrant alone, which always carries it.
#   - Null, which asks only whether the key is there.
#   when_not: Never; AWS's own policy checks say the same.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	condition.set
	_multivalued(condition.key) == false
	message := $"{result.subject(statement)} uses {condition.set} with {condition.name}, which is a single-valued condition key."
}

fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	not condition.set
	_multivalued(condition.key) == true
	message := $"{result.subject(statement)} compares {condition.name}, a multivalued condition key, without ForAnyValue or ForAllValues."
}

fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	condition.set == "ForAllValues"
	_multivalued(condition.key) == true
	not _always_sent(statement, condition.key)
	not contains(condition.operator, "Not")
	policy.has_effect(statement, "Allow") == truth.yes
	not condition.presenceRequired
	message := $"{result.subject(statement)} also allows requests without {condition.name}: ForAllValues matches if the condition key is missing."
}

unknown := set()

# CreateGrant cannot be called without operations. Other actions lack the key, so that they are allowed as they come.
_always_sent(statement, "kms:grantoperations") if {
	every action in statement.covers {
		action == "CreateGrant"
	}
}

_multivalued(key) := facts.condition_keys[key].multivalued if startswith(key, "kms:")

_multivalued(key) if _global_multivalued[key]

_multivalued(key) := false if _global_single[key]

# What goes on with a name of the user's has one value.
_multivalued(key) := false if {
	some prefix in ["kms:encryptioncontext:", "aws:principaltag/", "aws:requesttag/", "aws:resourcetag/"]
	startswith(key, prefix)
	key != prefix
}

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_global_multivalued := {
	"aws:calledvia",
	"aws:principalorgpaths",
	"aws:principalservicenameslist",
	"aws:resourceorgpaths",
	"aws:sourceorgpaths",
	"aws:tagkeys",
	"aws:vpceorgpaths",
}

_global_single := {
	"aws:calledviafirst",
	"aws:calledvialast",
	"aws:currenttime",
	"aws:multifactorauthpresent",
	"aws:principalaccount",
	"aws:principalarn",
	"aws:principalisawsservice",
	"aws:principalorgid",
	"aws:principalservicename",
	"aws:principaltype",
	"aws:requestedregion",
	"aws:resourceaccount",
	"aws:resourceorgid",
	"aws:securetransport",
	"aws:sourceaccount",
	"aws:sourcearn",
	"aws:sourceip",
	"aws:sourceorgid",
	"aws:sourcevpc",
	"aws:sourcevpce",
	"aws:userid",
	"aws:username",
	"aws:viaawsservice",
	"aws:vpcsourceip",
}

_conditions := [[key, statement, condition] |
	some key in policy.readable
	some statement in key.policy.statements
	some condition in statement.conditions
	condition.operator != "Null"
]
