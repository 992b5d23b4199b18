# METADATA
# title: Misused set operator in a condition
# description: "ForAllValues also matches when the request lacks the condition key. An operator without a set prefix does not compare a multivalued key as intended. In both cases, the condition does not mean what it appears to mean."
# related_resources:
# - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   controls:
#     AWS IAM Access Analyzer: [ForAllValues with single valued key]
#   remediation: |
#     Use no set operator with a single-valued condition key, and use one with a multivalued key. If an Allow uses
#     ForAllValues, add a Null condition of false so that the key must be present.
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
#   Fails when ForAllValues or ForAnyValue is on a single-valued condition key, or when a multivalued key has
#   neither. Also fails when an Allow uses ForAllValues without a condition that requires the key to be present.
# custom:
#   exceptions:
#   - Unknown condition keys.
#   - ForAllValues on `kms:GrantOperations` in a statement for `kms:CreateGrant` alone, because every CreateGrant request carries that key.
#   - Null, because it only tests whether the key is present.
#   when_not: Never. The policy checks of AWS report the same problem.
fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	condition.set
	_is_multivalued(condition.key) == false
	message := $"{result.subject(statement)} uses {condition.set} with {condition.name}, which is a single-valued condition key."
}

fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	not condition.set
	_is_multivalued(condition.key) == true
	message := $"{result.subject(statement)} compares {condition.name}, a multivalued condition key, without ForAnyValue or ForAllValues."
}

fail contains result.at_statement(key, statement, condition.location, message) if {
	some [key, statement, condition] in _conditions
	condition.set == "ForAllValues"
	_is_multivalued(condition.key) == true
	not _is_always_sent(statement, condition.key)
	not contains(condition.operator, "Not")
	policy.has_effect(statement, "Allow") == truth.yes
	not condition.presenceRequired
	message := $"{result.subject(statement)} also allows requests without {condition.name}: ForAllValues matches if the condition key is missing."
}

unknown := set()

# CreateGrant always has operations. Requests of other actions lack the condition key, so that ForAllValues allows them.
_is_always_sent(statement, "kms:grantoperations") if {
	every action in statement.covers {
		action == "CreateGrant"
	}
}

_is_multivalued(key) := facts.condition_keys[key].multivalued

_is_multivalued(key) if _global_multivalued[key]

_is_multivalued(key) := false if _global_single[key]

# A condition key that ends with a user-defined name has one value.
_is_multivalued(key) := false if {
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
