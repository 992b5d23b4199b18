/** Writes the skeleton of a rule: `make new-rule NAME=some_problem`. Its examples and tests fail until you complete them. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";

const name = process.argv[2] ?? "";
const folder = new URL(`../policies/kms/rules/${name}/`, import.meta.url);

if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))
  stop("The rule needs a name in snake_case. Example: make new-rule NAME=some_problem");
if (existsSync(folder)) stop(`policies/kms/rules/${name} already exists`);

const rule = `# METADATA
# title: The problem in a few words
# description: "Why it is a problem, and its consequences."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/
# custom:
#   level: warning
#   category: policy
#   formats: [policy, cloudformation, plan, kubernetes]
#   remediation: |
#     The fix, in one to three sentences.
#   snippets:
#     policy: |
#       {"Sid": "…"}
#     cloudformation: |
#       Sid: …
#     terraform: |
#       Sid = "…"
package kms.rules.${name}

import data.kms.lib.policy
import data.kms.lib.result
import data.kms.lib.truth

about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: The condition that fails, in one to three sentences; the unknown values, if they are not obvious.
# custom:
#   exceptions:
#   - A case that does not fail.
#   when_not: The case in which not to use the rule, in one sentence.
fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	_verdict(statement) == truth.yes
	message := $"{result.subject(statement)} …"
}

unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	message := result.cannot_tell($"{result.statement(statement)} …", _verdict(statement))
}

_verdict(statement) := policy.has_effect(statement, "Allow")

# An array: a set would hash the whole key for each statement.
_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
]
`;

const test = `package kms.rules.${name}_test

import data.kms.rules.${name} as rule

test_fails_if_allowed if {
	count(rule.fail) == 1 with input as _document(_statement)
}

test_passes_if_denied if {
	count(rule.fail) == 0 with input as _document(object.union(_statement, {"effect": "Deny"}))
}

test_unknown_if_the_effect_is_unknown if {
	statement := object.union(_statement, {"effect": {"unknown": {"reason": "known only after apply", "expression": "var.effect"}}})
	count(rule.fail) == 0 with input as _document(statement)
	count(rule.unknown) == 1 with input as _document(statement)
}

_document(statement) := {"keys": [{
	"id": "a",
	"resource": "Key",
	"kind": "key",
	"location": {"file": "a.json", "line": 1},
	"policy": {"state": "resolved", "statements": [statement]},
}]}

_statement := {
	"index": 0,
	"sid": "Example",
	"effect": "Allow",
	"matchesKey": "yes",
	"location": {"file": "a.json", "line": 3},
}
`;

const examples = new URL("examples/", folder);
mkdirSync(examples, { recursive: true });
writeFileSync(new URL(`${name}.rego`, folder), rule);
writeFileSync(new URL(`${name}_test.rego`, folder), test);
for (const verdict of ["fail", "pass"])
  writeFileSync(
    new URL(`${verdict}.policy.json`, examples),
    '{ "Version": "2012-10-17", "Statement": [] }\n',
  );
console.log(
  `policies/kms/rules/${name}: write the rule, its tests, and an example for each verdict and format. Then run \`make fmt test\`.`,
);

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
