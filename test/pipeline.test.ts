import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { type Engine, loadEngine } from "../src/core/engine/engine.ts";
import type { Source } from "../src/core/model/source.ts";
import { checkInputs, normalizeInputs } from "../src/core/pipeline.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
const engine = loadEngine(read("bundles/policy.wasm"), JSON.parse(read("bundles/rules.json").toString()));

const policy = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const root = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const open = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };

const source = (path: string, value: unknown, named = true): Source => ({
  path,
  text: typeof value === "string" ? value : JSON.stringify(value, null, 2),
  named,
});

test("the report contains files, resource counts, passed rules and findings", () => {
  const report = checkInputs([source("b.json", policy(root, open)), source("a.json", policy(root))], {
    engine,
  });
  const total = engine.rules.length;
  assert.deepEqual(report.files, [
    { file: "a.json", resources: 1, passed: total },
    { file: "b.json", resources: 1, passed: total - 1 },
  ]);
  const [finding, ...more] = report.findings;
  assert.deepEqual(more, []);
  assert.equal(finding?.rule, "public_access");
  assert.equal(finding?.statement, "Open");
  assert.equal(finding?.url, "https://github.com/keywarden/keywarden/blob/main/docs/rules/public_access.md");
  assert.deepEqual(finding?.excerpt, { firstLine: 15, lines: ['      "Principal": "*",'] });
});

test("the excerpt of a minified policy is the statement", () => {
  const long = { ...open, Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Encrypt"] };
  const filler = Array.from({ length: 3 }, (_, i) => ({ ...root, Sid: `Root of the account, number ${i}` }));
  const report = checkInputs([source("min.json", JSON.stringify(policy(...filler, long)))], { engine });
  assert.deepEqual(report.findings.find((f) => f.rule === "public_access")?.excerpt, {
    lines: [
      "{",
      '  "Sid": "Open",',
      '  "Effect": "Allow",',
      '  "Principal": "*",',
      '  "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey", "kms:Encrypt"],',
      '  "Resource": "*"',
      "}",
    ],
  });
});

const plan = (after: object, sensitive: object) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  planned_values: { root_module: {} },
  resource_changes: [
    {
      address: "aws_kms_key.orders",
      mode: "managed",
      type: "aws_kms_key",
      name: "orders",
      provider_name: "example.org/hashicorp/aws",
      change: { actions: ["create"], before: null, after, after_unknown: {}, after_sensitive: sensitive },
    },
  ],
  configuration: { root_module: { resources: [] } },
});

test("the excerpt of a plan is the policy statement, unless it is sensitive", () => {
  const text = JSON.stringify(policy(root, open));
  const excerptsOf = (sensitive: object) =>
    checkInputs([source("plan.json", plan({ policy: text }, sensitive))], { engine })
      .findings.filter((f) => f.rule === "public_access")
      .map((f) => f.excerpt?.lines);
  const statement = ["{", ...Object.entries(open).map(([k, v]) => `  "${k}": "${v}",`), "}"];
  assert.deepEqual(excerptsOf({}), [statement.map((line, i) => (i === 5 ? line.slice(0, -1) : line))]);
  assert.deepEqual(excerptsOf({ policy: true }), [undefined]);
});

test("a sensitive value of a plan never appears in the report", () => {
  const secret = "hunter2hunter2";
  const value = plan(
    {
      policy: JSON.stringify(policy(root, { ...open, Sid: secret })),
      description: secret,
      tags: { a: secret },
    },
    { policy: true, description: true, tags: true },
  );
  const report = checkInputs([source("plan.json", value)], { engine });
  assert.ok(report.findings.length > 0);
  assert.ok(!JSON.stringify(report).includes(secret));
});

test("a YAML file may start with a bracket", () => {
  const json = JSON.stringify(policy(root));
  const flow = json.replaceAll('"Effect"', "Effect").replace("}]", "},]");
  for (const [path, text, policies] of [
    ["flow.yaml", flow, 1],
    ["stream.yml", `${json}\n---\n${json}\n`, 2],
  ] as const) {
    const { document, problems } = normalizeInputs([source(path, text)]);
    assert.deepEqual([document.keys.length, problems], [policies, []], path);
    assert.equal(normalizeInputs([source(`${path}.json`, text)]).problems.length, 1);
  }
});

test("a file in a directory that mentions KMS and is too long to parse is unseen", () => {
  const long = `kms: ${"x".repeat(17 * 1024 * 1024)}`;
  const { unseen, problems } = checkInputs([source("long.yaml", long, false)], { engine });
  assert.deepEqual(
    [unseen.map(({ kind, file, message }) => [kind, file, message]), problems],
    [
      [
        [
          "file",
          "long.yaml",
          "The file mentions KMS and was not checked: the YAML file is longer than 16777216 characters.",
        ],
      ],
      [],
    ],
  );
});

test("a failure of the rules is reported as a problem of the resource", () => {
  const failing: Engine = {
    rules: [],
    evaluate() {
      throw new Error("out of memory");
    },
  };
  const report = checkInputs([source("a.json", policy(root))], { engine: failing });
  assert.deepEqual(report.problems, [
    {
      file: "a.json",
      line: 1,
      column: 1,
      message: "Keywarden could not judge <policy>: out of memory",
      remedy: "Make the resource smaller, or check it in a file of its own.",
    },
  ]);
});

test("a rule with level off has no findings", () => {
  const off: Engine = {
    rules: engine.rules,
    evaluate: (document) => engine.evaluate(document).map((f) => ({ ...f, level: "off" as const })),
  };
  assert.deepEqual(checkInputs([source("a.json", policy(root, open))], { engine: off }).findings, []);
});

const named: [text: string, notices: number, problems: number][] = [
  ["", 1, 0],
  ["null", 1, 0],
  ["[]", 1, 0],
  ["{}", 1, 0],
  ['"text"', 1, 0],
  ["--- \n---\n", 1, 0],
  ["{", 0, 1],
  ['{"a": 1,}', 0, 1],
  ["a: [", 0, 1],
  ['"AWSTemplateFormatVersion": "2010-09-09"\n"Resources": {}\n', 1, 0],
];

for (const [text, notices, problems] of named) {
  test(`${JSON.stringify(text)}, when named, is ${problems > 0 ? "a problem" : "reported as a file without KMS content"}`, () => {
    const report = checkInputs([source("x.json", text)], { engine });
    assert.deepEqual([report.notices.length, report.problems.length], [notices, problems]);
    assert.deepEqual(checkInputs([source("x.json", text, false)], { engine }).problems, []);
  });
}

const formats: [string, Source[], string[]][] = [
  ["a plan", [source("p", { format_version: "1.2", planned_values: {} })], ["terraform-plan"]],
  ["a template", [source("t", "Resources: {T: {Type: AWS::SNS::Topic}}")], ["cloudformation"]],
  ["a macro", [source("t", "Transform: Macro")], ["cloudformation"]],
  ["a change set", [source("c", { ChangeSetId: "c", Changes: [] })], ["cloudformation-change-set"]],
  ["an object", [source("k", { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } })], ["kubernetes"]],
  ["a policy", [source("p", policy(root))], ["policy"]],
  ["Terraform source", [source("a.tf", "locals {\n}"), source("b.txt", "b")], ["terraform-source"]],
  ["a Terragrunt unit", [source("terragrunt.hcl", "inputs = {}")], ["terraform-source"]],
  ["several files", [source("a", "{}"), source("p", policy(root)), source("b", "[]")], ["policy"]],
  ["a file that cannot be read", [source("a", "{")], []],
  ["a Terraform file without blocks", [source("a.tf", "# Keys")], []],
  ["an error of Kubernetes", [source("e", { apiVersion: "v1", kind: "Status", metadata: {} })], []],
  ["an error in JSON", [source("e", { errors: [{ status: "401" }] })], []],
  ["text", [source("e", "Service Unavailable")], []],
];

for (const [name, inputs, expected] of formats)
  test(`the formats of ${name} are ${expected.join() || "none"}`, () => {
    assert.deepEqual([...normalizeInputs(inputs).formats], expected);
  });

test("a name that is no path does not make a source part of a Terraform module", () => {
  for (const path of ["orders.tf", "orders.tfvars", "terragrunt.hcl"]) {
    const named: Source = { ...source(path, policy(root, open)), nameOnly: true };
    assert.equal(normalizeInputs([named]).document.keys.length, 1, path);
  }
});

test("property: checkInputs never throws and sorts findings by file, line and column", () => {
  const word = fc.constantFrom(
    ..."{ } [ ] : , \" ' \\ - | > & * ! # ${ } {{ }} %{ \n \t Statement Principal Effect Allow Action kms:* kms:Decrypt Resources".split(
      " ",
    ),
    "\n",
    "\n  ",
    ": ",
    "Type: AWS::KMS::Key",
    "!Ref ",
    "!Sub ",
    '{"Fn::If": [',
    '"Statement": ',
    '"Policy": ',
    JSON.stringify(open),
    "Fn::Sub",
  );
  const statement = fc.record(
    {
      Sid: fc.oneof(fc.string(), fc.integer()),
      Effect: fc.constantFrom("Allow", "Deny", "allow", 1),
      Principal: fc.oneof(
        fc.constant("*"),
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(fc.constantFrom("AWS", "Service"), fc.string()),
      ),
      Action: fc.oneof(
        fc.constantFrom("kms:*", "*", "kms:De?rypt"),
        fc.array(fc.string()),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      Resource: fc.oneof(fc.constant("*"), fc.jsonValue({ maxDepth: 1 })),
      Condition: fc.jsonValue({ maxDepth: 3 }),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 30 }).map((words) => words.join("")),
    fc.array(statement, { maxLength: 3 }).map((list) => JSON.stringify({ Statement: list })),
    fc
      .jsonValue()
      .map((value) => JSON.stringify({ Resources: { K: { Type: "AWS::KMS::Key", Properties: value } } })),
    fc.jsonValue().map((value) => JSON.stringify(plan({ policy: value } as object, {}))),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 2 }), fc.boolean(), (texts, isNamed) => {
      const report = checkInputs(
        texts.map((t, i) => ({ path: `${i}.json`, text: t, named: isNamed })),
        { engine },
      );
      assert.deepEqual(
        report.problems.filter((p) => /internal error/.test(p.message)),
        [],
      );
      const places = report.findings.map(({ location: l }) => [l.file, l.line, l.column] as const);
      for (const [i, [file, line, column]] of places.entries()) {
        const [f, l, c] = places[i - 1] ?? ["", 0, 0];
        assert.ok(f < file || (f === file && (l < line || (l === line && c <= column))));
      }
    }),
    { numRuns: 300 },
  );
});

test("a template whose parameter defaults create no key is reported as such", () => {
  const text = `Conditions: {Never: !Equals [a, b]}
Resources: {Key: {Type: AWS::KMS::Key, Condition: Never}}`;
  const { notices, problems } = normalizeInputs([{ path: "template.yaml", text, named: true }]);
  assert.deepEqual(problems, []);
  assert.match(notices[0]?.message ?? "", /^does not create or keep a KMS key/);
});
