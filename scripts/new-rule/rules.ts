/** The Rego skeleton of each kind of rule, and its test. Each reports only resources that are named "placeholder". */

export interface Skeleton {
  formats: string[];
  category: string;
  snippets: { [format: string]: string };
  /** The rule below its METADATA, and the body of its test. */
  rule: { imports: string[]; about: string; fail: string; unknown: string; rest: string };
  test: { imports: string[]; fail: string; pass: string; unknown: string; helpers: string };
}

const keyTag: Skeleton = {
  formats: ["cloudformation", "plan", "kubernetes"],
  category: "settings",
  snippets: {
    cloudformation: 'Tags:\n  - Key: placeholder\n    Value: "false"',
    terraform: 'tags = {\n  placeholder = "false"\n}',
    kubernetes: 'spec:\n  tags:\n    - tagKey: placeholder\n      tagValue: "false"',
  },
  rule: {
    imports: ["result", "truth", "value"],
    about: "the tag `placeholder` of a key is `true`",
    fail: `fail contains result.at_field(key, "tags", "The placeholder tag of the key is true.") if {
	some key in input.keys
	_verdict(key) == truth.yes
}`,
    unknown: `unknown contains result.at_field(key, "tags", message) if {
	some key in input.keys
	message := result.cannot_tell("the placeholder tag is true", _verdict(key))
}`,
    rest: `_verdict(key) := value.is(key.properties.tags.placeholder, "true")`,
  },
  test: {
    imports: [],
    fail: `_document("true")`,
    pass: `_document("false")`,
    unknown: `_document(fixture.unknown("var.placeholder"))`,
    helpers: `_document(tag) := fixture.document_of({"tags": {"placeholder": tag}})`,
  },
};

const statementEffect: Skeleton = {
  formats: ["policy", "cloudformation", "plan", "kubernetes"],
  category: "access",
  snippets: {
    policy: `{
  "Sid": "Placeholder",
  "Effect": "Deny",
  "Principal": {"AWS": "arn:aws:iam::111122223333:role/placeholder"},
  "Action": "kms:DescribeKey",
  "Resource": "*"
}`,
    cloudformation: `- Sid: Placeholder
  Effect: Deny
  Principal:
    AWS: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/placeholder
  Action: kms:DescribeKey
  Resource: "*"`,
    terraform: `{
  Sid       = "Placeholder"
  Effect    = "Deny"
  Principal = { AWS = "arn:aws:iam::111122223333:role/placeholder" }
  Action    = "kms:DescribeKey"
  Resource  = "*"
}`,
  },
  rule: {
    imports: ["policy", "result", "truth"],
    about: "a statement with the Sid `Placeholder` allows something",
    fail: `fail contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	_verdict(statement) == truth.yes
	message := $"{result.subject(statement)} has the effect Allow; the placeholder requires Deny."
}`,
    unknown: `unknown contains result.at_statement(key, statement, statement.location, message) if {
	some [key, statement] in _statements
	policy.is_resolved(key)
	message := result.cannot_tell($"{result.statement(statement)} has the effect Allow", _verdict(statement))
}`,
    rest: `_verdict(statement) := policy.has_effect(statement, "Allow")

# An array: a set in WebAssembly would hash the whole key for each statement.
_statements := [[key, statement] |
	some key in policy.readable
	some statement in key.policy.statements
	statement.sid == "Placeholder"
]`,
  },
  test: {
    imports: [],
    fail: `_document("Allow")`,
    pass: `_document("Deny")`,
    unknown: `_document(fixture.unknown("var.effect"))`,
    helpers: `_document(effect) := fixture.document_with([fixture.statement({
	"sid": "Placeholder",
	"effect": effect,
	"actions": ["kms:DescribeKey"],
})])`,
  },
};

const aliasTarget: Skeleton = {
  formats: ["cloudformation", "plan", "kubernetes"],
  category: "aliases",
  snippets: {
    cloudformation: "TargetKeyId: !Ref OrdersKey",
    terraform: "target_key_id = aws_kms_key.orders.key_id",
    kubernetes: "spec:\n  targetKeyRef:\n    from:\n      name: orders",
  },
  rule: {
    imports: ["result", "truth", "value"],
    about: "the target of `alias/placeholder` is a key outside the input",
    fail: `fail contains result.at_field(alias, "target", message) if {
	some alias in _aliases
	_verdict(alias) == truth.yes
	message := $"The target of {alias.name} is {alias.target.text}; the placeholder requires a key in the input."
}`,
    unknown: `unknown contains result.at_field(alias, "target", message) if {
	some alias in _aliases
	message := result.cannot_tell($"the target of {alias.name} is a key outside the input", _verdict(alias))
}`,
    rest: `_verdict(alias) := truth.no if {
	count(alias.target.keys) > 0
} else := truth.unknown({value.cause(alias.target.text)}) if {
	value.is_unknown(alias.target.text)
} else := truth.yes

_aliases := [alias | some alias in input.aliases; alias.name == "alias/placeholder"]`,
  },
  test: {
    imports: [],
    fail: `_document({"text": "1234abcd-12ab-34cd-56ef-1234567890ab", "keys": []})`,
    pass: `_document({"text": fixture.unknown("aws_kms_key.main.key_id"), "keys": ["key"]})`,
    unknown: `_document({"text": fixture.unknown("var.key"), "keys": []})`,
    helpers: `_document(target) := fixture.document(
	[fixture.key_of({})],
	[object.union(object.remove(fixture.alias("alias/placeholder", []), ["target"]), {"target": target})],
)`,
  },
};

const grantOperation: Skeleton = {
  formats: ["plan", "kubernetes"],
  category: "grants",
  snippets: {
    terraform: 'operations = ["Encrypt"]',
    kubernetes: "spec:\n  operations: [Encrypt]",
  },
  rule: {
    imports: ["grants", "result", "truth"],
    about: "a grant to a role named `placeholder` allows DescribeKey",
    fail: `fail contains result.at_field(grant, "operations", message) if {
	some grant in _grants
	_verdict(grant) == truth.yes
	message := $"The grant allows {grant.grantee.text} DescribeKey; the placeholder requires another operation."
}`,
    unknown: `unknown contains result.at_field(grant, "operations", message) if {
	some grant in _grants
	message := result.cannot_tell($"the grant allows {grant.grantee.text} DescribeKey", _verdict(grant))
}`,
    rest: `_verdict(grant) := grants.gives_any_of(grant, {"DescribeKey"})

_grants := [grant | some grant in input.grants; endswith(grant.grantee.text, ":role/placeholder")]`,
  },
  test: {
    imports: ["data.kms.lib.grants_test as grants"],
    fail: `_document(["DescribeKey"])`,
    pass: `_document(["Encrypt"])`,
    unknown: `_document(fixture.unknown("var.operations"))`,
    helpers: `_document(operations) := grants.document_of(
	{"operations": operations, "grantee": fixture.role(fixture.owner, "placeholder")},
	{},
)`,
  },
};

const consumerTag: Skeleton = {
  formats: ["cloudformation", "plan"],
  category: "around",
  snippets: {
    cloudformation: 'Tags:\n  - Key: placeholder\n    Value: "false"',
    terraform: 'tags = {\n  placeholder = "false"\n}',
  },
  rule: {
    imports: ["result", "truth", "value"],
    about: "the tag `placeholder` of a resource that encrypts with a key is `true`",
    fail: `fail contains result.at_field(consumer, "tags", "The placeholder tag of the resource is true.") if {
	some consumer in input.consumers
	_verdict(consumer) == truth.yes
}`,
    unknown: `unknown contains result.at_field(consumer, "tags", message) if {
	some consumer in input.consumers
	message := result.cannot_tell("the placeholder tag is true", _verdict(consumer))
}`,
    rest: `_verdict(consumer) := value.is(consumer.tags.placeholder, "true")`,
  },
  test: {
    imports: [],
    fail: `_document("true")`,
    pass: `_document("false")`,
    unknown: `_document(fixture.unknown("var.placeholder"))`,
    helpers: `_document(tag) := object.union(fixture.document([], []), {"consumers": [{
	"id": "topic",
	"resource": "aws_sns_topic.main",
	"type": "aws_sns_topic",
	"scope": "plan",
	"location": fixture.at("/topic"),
	"locations": {},
	"defaults": [],
	"region": "eu-west-1",
	"encryption": "key",
	"uses": [],
	"tags": {"placeholder": tag},
}]})`,
  },
};

const identityEffect: Skeleton = {
  formats: ["cloudformation", "plan"],
  category: "around",
  snippets: {
    cloudformation: `- Sid: Placeholder
  Effect: Deny
  Action: kms:DescribeKey
  Resource: "*"`,
    terraform: `{
  Sid      = "Placeholder"
  Effect   = "Deny"
  Action   = "kms:DescribeKey"
  Resource = "*"
}`,
  },
  rule: {
    imports: ["identity", "result", "truth", "value"],
    about: "a statement of an IAM policy with the Sid `Placeholder` allows something",
    fail: `fail contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _statements
	_verdict(statement) == truth.yes
	message := $"{result.subject(statement)} has the effect Allow; the placeholder requires Deny."
}`,
    unknown: `unknown contains result.at_statement(holder, statement, statement.location, message) if {
	some [holder, statement] in _statements
	identity.is_resolved(holder)
	message := result.cannot_tell($"{result.statement(statement)} has the effect Allow", _verdict(statement))
}`,
    rest: `_verdict(statement) := value.is(statement.effect, "Allow")

_statements := [[holder, statement] |
	some [holder, statement] in identity.statements
	statement.sid == "Placeholder"
]`,
  },
  test: {
    imports: [],
    fail: `_document("Allow")`,
    pass: `_document("Deny")`,
    unknown: `_document(fixture.unknown("var.effect"))`,
    helpers: `_document(effect) := object.union(fixture.document([], []), {"identityPolicies": [{
	"id": "policy",
	"resource": "aws_iam_policy.main",
	"type": "aws_iam_policy",
	"scope": "plan",
	"location": fixture.at("/policy"),
	"locations": {},
	"defaults": [],
	"state": "resolved",
	"statements": [object.union(
		fixture.statement({"sid": "Placeholder", "effect": effect, "actions": ["kms:DescribeKey"], "principals": []}),
		{"targets": [{"text": "*", "kind": "every-key", "location": fixture.at("/target")}]},
	)],
}]})`,
  },
};

export const kinds = {
  key: keyTag,
  statement: statementEffect,
  alias: aliasTarget,
  grant: grantOperation,
  consumer: consumerTag,
  "identity-policy": identityEffect,
} satisfies { [kind: string]: Skeleton };

export type Kind = keyof typeof kinds;

const imports = (packages: string[]): string => packages.map((name) => `import ${name}\n`).join("");

/** Returns the Rego file of a new rule. */
export function ruleOf(name: string, { formats, category, snippets, rule }: Skeleton): string {
  const lines = Object.entries(snippets).flatMap(([format, text]) => [
    `    ${format}: |`,
    ...text.split("\n").map((line) => `      ${line}`),
  ]);
  return `# METADATA
# title: Placeholder title of ${name}
# description: "Placeholder: why this is a problem, and its consequences."
# related_resources:
# - https://docs.aws.amazon.com/kms/latest/developerguide/overview.html
# custom:
#   level: warning
#   category: ${category}
#   formats: [${formats.join(", ")}]
#   remediation: |
#     Placeholder: the fix, in one to three sentences.
#   snippets:
${lines.map((line) => `# ${line}`).join("\n")}
package kms.rules.${name}

${imports(rule.imports.map((library) => `data.kms.lib.${library}`))}
about := rego.metadata.chain()[1].annotations

# METADATA
# scope: document
# description: |
#   Placeholder: fails when ${rule.about}. The verdict is unknown when this value is unknown.
# custom:
#   exceptions:
#   - Placeholder for a case that does not fail.
#   when_not: Placeholder for the case in which not to use the rule.
${rule.fail}

${rule.unknown}

${rule.rest}
`;
}

/** Returns the test of a new rule, which covers each of its lines. */
export const testOf = (name: string, { test }: Skeleton): string => `package kms.rules.${name}_test

${imports([...test.imports, "data.kms.lib.fixture_test as fixture", `data.kms.rules.${name} as rule`].sort())}
test_fails if {
	document := ${test.fail}
	count(rule.fail) == 1 with input as document
	count(rule.unknown) == 0 with input as document
}

test_passes if {
	document := ${test.pass}
	count(rule.fail | rule.unknown) == 0 with input as document
}

test_unknown if {
	document := ${test.unknown}
	count(rule.fail) == 0 with input as document
	count(rule.unknown) == 1 with input as document
}

${test.helpers}
`;
