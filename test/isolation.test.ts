/** An input that Keywarden cannot judge gets an error, and every other input keeps its verdicts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Engine, loadEngine } from "../src/core/engine/engine.ts";
import { analyzeSafely, linkSafely } from "../src/core/link/safely.ts";
import { entitiesIn } from "../src/core/model/document.ts";
import { emptyPart, type Part } from "../src/core/model/format.ts";
import type { Report, RuleInfo } from "../src/core/model/report.ts";
import type { Source } from "../src/core/model/source.ts";
import { checkInputs, normalizeInputs } from "../src/core/pipeline.ts";
import { createDecider } from "../src/gate/decision.ts";
import { check } from "../src/hosts/library/index.ts";

const bundle = (name: string) => readFileSync(new URL(`../bundles/${name}`, import.meta.url));
const rules = JSON.parse(bundle("rules.json").toString()) as RuleInfo[];
const engine = loadEngine(bundle("policy.wasm"), rules);

const statement = (Principal: unknown, Action: string, more: object = {}) => ({
  Effect: "Allow",
  Principal,
  Action,
  Resource: "*",
  ...more,
});
const root = statement({ AWS: "arn:aws:iam::111122223333:root" }, "kms:*");
const open = statement("*", "kms:Decrypt");
const policy = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const key = (KeyPolicy: object, more: object = {}) => ({
  Type: "AWS::KMS::Key",
  Properties: { EnableKeyRotation: true, KeyPolicy, ...more },
});
const source = (path: string, value: unknown): Source => ({
  path,
  text: typeof value === "string" ? value : JSON.stringify(value),
  named: true,
});

const withRule = ({ findings }: Report, rule: string) =>
  findings
    .filter((finding) => finding.rule === rule)
    .map(({ location, resource }) => [location.file, resource]);

/** An engine that fails on documents with a resource whose name contains "Bad", or on several named "Half". */
const failing: Engine = {
  rules,
  evaluate(document, settings) {
    const names = entitiesIn(document).map(({ resource }) => resource);
    if (names.some((name) => name.includes("Bad"))) throw new Error("object insert conflict");
    if (names.filter((name) => name.startsWith("Half")).length > 1) throw new Error("memory: out of bounds");
    return engine.evaluate(document, settings);
  },
};

const orders = source("orders.json", { Resources: { Orders: key(policy(open)) } });

test("a resource that the rules fail on takes no other verdict with it", () => {
  const others = Array.from({ length: 30 }, (_, i) =>
    source(`${i}.json`, { Resources: { [i % 10 === 3 ? "Bad" : "Good"]: key(policy(open)) } }),
  );
  const report = checkInputs([...others, orders], { engine: failing });
  assert.equal(withRule(report, "public_access").length, 28);
  assert.deepEqual(
    report.problems.map(({ file, line, message }) => [file, line, message]),
    ["3.json", "13.json", "23.json"].map((file) => [
      file,
      1,
      "Keywarden could not judge Bad: object insert conflict",
    ]),
  );
  const expected = checkInputs([orders], { engine }).findings;
  assert.deepEqual(
    report.findings.filter(({ location }) => location.file === "orders.json"),
    expected,
  );
});

test("a resource that was not judged does not count as passed", () => {
  const report = checkInputs([source("a.json", { Resources: { Bad: key(policy(root)) } })], {
    engine: failing,
  });
  assert.deepEqual(report.files, []);
  assert.equal(report.problems.length, 1);
});

test("resources that refer to each other are judged together, without the one that fails", () => {
  const alias = (name: string, TargetKeyId: string) => ({
    Type: "AWS::KMS::Alias",
    Properties: { AliasName: `alias/${name}`, TargetKeyId: { Ref: TargetKeyId } },
  });
  const Resources = {
    Orders: key(policy(open)),
    OrdersAlias: alias("orders", "Orders"),
    BadAlias: alias("x", "Orders"),
  };
  const report = checkInputs([source("a.json", { Resources })], { engine: failing });
  assert.deepEqual(withRule(report, "public_access"), [["a.json", "Orders"]]);
  assert.deepEqual(withRule(report, "alias_missing"), []);
  assert.deepEqual(
    report.problems.map(({ message }) => message),
    ["Keywarden could not judge BadAlias: object insert conflict"],
  );
});

test("independent resources that only fail together are judged apart", () => {
  const template = (name: string) => source(`${name}.json`, { Resources: { [name]: key(policy(open)) } });
  const report = checkInputs([template("Half1"), template("Half2"), orders], { engine: failing });
  assert.deepEqual(report.problems, []);
  assert.equal(withRule(report, "public_access").length, 3);
});

test("many failures in one file are one problem", () => {
  const Resources = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [
      `Alias${i}`,
      { Type: "AWS::KMS::Alias", Properties: { AliasName: `alias/a${i}`, TargetKeyId: { Ref: "Orders" } } },
    ]),
  );
  const conflict: Engine = {
    rules,
    evaluate(document, settings) {
      if (document.aliases.length > 0) throw new Error("object insert conflict");
      return engine.evaluate(document, settings);
    },
  };
  const report = checkInputs([source("a.json", { Resources: { Orders: key(policy(open)), ...Resources } })], {
    engine: conflict,
  });
  assert.deepEqual(withRule(report, "public_access"), [["a.json", "Orders"]]);
  assert.ok(report.problems.length <= 500 && report.problems.every(({ file }) => file === "a.json"));
});

test("a policy that needs more memory than the module has is reported, and the others are judged", () => {
  const small = loadEngine(bundle("policy.wasm"), rules, { maxMemoryPages: 60 });
  const big = policy(...Array.from({ length: 500 }, (_, i) => ({ ...open, Sid: `Statement${i}` })));
  const report = checkInputs([source("big.json", { Resources: { Big: key(big) } }), orders], {
    engine: small,
  });
  assert.deepEqual(withRule(report, "public_access"), [["orders.json", "Orders"]]);
  const [problem, ...more] = report.problems;
  assert.deepEqual([more.length, problem?.file], [0, "big.json"]);
  assert.match(problem?.message ?? "", /^Keywarden could not judge Big: /);
  assert.equal(problem?.remedy, "Make the resource smaller, or check it in a file of its own.");
});

test("the library judges the same, and reports the same problem in every batch", () => {
  const replicas = ["eu-west-1", "eu-west-1"].map((region) => planned("aws_kms_key.orders", region));
  const report = check([source("plan.json", planOf(replicas)), orders], { terraform: false });
  assert.deepEqual(withRule(report, "public_access"), [
    ["orders.json", "Orders"],
    ["plan.json", "aws_kms_key.orders"],
    ["plan.json", "aws_kms_key.orders"],
  ]);
});

const planOf = (resource_changes: object[]) => ({
  format_version: "1.2",
  terraform_version: "1.11.4",
  planned_values: { root_module: {} },
  resource_changes,
});
const planned = (address: string, region: string, after: object = {}) => ({
  address,
  mode: "managed",
  type: address.split(".")[0],
  name: address.split(".")[1],
  provider_name: "registry.terraform.io/hashicorp/aws",
  change: {
    actions: ["create"],
    before: null,
    after: { policy: JSON.stringify(policy(open)), region, ...after },
    after_unknown: {},
  },
});

/** Inputs that define a resource twice, with the number of open keys in them. */
const twice: { [name: string]: [Source[], number] } = {
  "a plan that lists an address twice": [
    [
      source(
        "plan.json",
        planOf([planned("aws_kms_key.orders", "eu-west-1"), planned("aws_kms_key.orders", "eu-west-2")]),
      ),
    ],
    2,
  ],
  "a plan that lists a replica twice": [
    [
      source(
        "plan.json",
        planOf([
          planned("aws_kms_key.orders", "eu-west-1", { multi_region: true }),
          planned("aws_kms_replica_key.orders", "eu-west-2", {
            primary_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1",
          }),
          planned("aws_kms_replica_key.orders", "eu-west-2", {
            primary_key_arn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1",
          }),
        ]),
      ),
    ],
    3,
  ],
  "a stream with two templates": [
    [
      source(
        "a.yaml",
        [1, 2].map(() => `---\n${JSON.stringify({ Resources: { Orders: key(policy(open)) } })}\n`).join(""),
      ),
    ],
    2,
  ],
  "a stream with two objects of one name": [
    [
      source(
        "a.yaml",
        [1, 2]
          .map(
            () =>
              `---\napiVersion: kms.services.k8s.aws/v1alpha1\nkind: Key\nmetadata: {name: orders}\nspec: {policy: '${JSON.stringify(policy(open))}'}\n`,
          )
          .join(""),
      ),
    ],
    2,
  ],
  "two sources with one path": [
    [
      source("a.json", { Resources: { Orders: key(policy(open)) } }),
      source("a.json", { Resources: { Orders: key(policy(root)) } }),
    ],
    1,
  ],
};
for (const [name, [sources, count]] of Object.entries(twice))
  test(`${name}: each definition is judged`, () => {
    const report = checkInputs([...sources, orders], { engine });
    assert.deepEqual(report.problems, []);
    const open = withRule(report, "public_access").filter(([file]) => file !== "orders.json");
    // Findings that are equal in every respect are reported once.
    assert.ok(open.length === count || new Set(sources.map(({ path }) => path)).size < sources.length);
    assert.equal(withRule(report, "public_access").filter(([file]) => file === "orders.json").length, 1);
  });

test("an alias of a key that is defined twice may lead to either", () => {
  const alias = {
    Type: "AWS::KMS::Alias",
    Properties: { AliasName: "alias/orders", TargetKeyId: { Ref: "Orders" } },
  };
  const template = JSON.stringify({ Resources: { Orders: key(policy(root)), OrdersAlias: alias } });
  const { document } = normalizeInputs([source("a.json", template), source("a.json", template)]);
  const ids = ["a.json#Orders", "a.json#Orders (2)"];
  assert.deepEqual(
    document.keys.map(({ id }) => id),
    ids,
  );
  assert.deepEqual(
    document.aliases.map(({ target }) => target.keys),
    [ids, ids],
  );
});

/** Names that every JavaScript object has. */
const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "__defineGetter__"];
const places: { [place: string]: (name: string) => Source } = {
  "a logical ID": (name) =>
    source("a.json", `{"Resources":{"${name}":${JSON.stringify(key(policy(open)))}}}`),
  "a condition key": (name) =>
    source(
      "a.json",
      JSON.stringify(
        policy(statement("*", "kms:Decrypt", { Condition: { StringEquals: { NAME: "x" } } })),
      ).replace("NAME", name),
    ),
  "a condition operator": (name) =>
    source(
      "a.json",
      JSON.stringify(
        policy(statement("*", "kms:Decrypt", { Condition: { NAME: { "aws:username": "x" } } })),
      ).replace("NAME", name),
    ),
  "a policy variable": (name) =>
    source(
      "a.json",
      policy(
        statement("*", "kms:Decrypt", {
          Condition: { StringEquals: { "kms:CallerAccount": `\${${name}}` } },
        }),
      ),
    ),
  "a principal type": (name) =>
    source("a.json", JSON.stringify(policy(statement({ NAME: "x" }, "kms:Decrypt"))).replace("NAME", name)),
  "a missing mapping": (name) =>
    source("a.json", {
      Resources: { Orders: key(policy(root), { EnableKeyRotation: { "Fn::FindInMap": [name, "a", "b"] } }) },
    }),
  "a parameter": (name) =>
    source(
      "a.json",
      `{"Parameters":{"${name}":{"Type":"String","Default":"false"}},"Resources":{"Orders":${JSON.stringify(key(policy(root), { EnableKeyRotation: { Ref: name } }))}}}`,
    ),
  "a resource type": (name) =>
    source("a.json", {
      Resources: {
        Orders: key(policy(open)),
        Other: { Type: name, Properties: { KmsKeyId: { Ref: "Orders" } } },
      },
    }),
  "a tag": (name) =>
    source("a.json", { Resources: { Orders: key(policy(open), { Tags: [{ Key: name, Value: "x" }] }) } }),
  "an address of a plan": (name) => source("p.json", planOf([planned(`aws_kms_key.${name}`, "eu-west-1")])),
};
for (const [place, input] of Object.entries(places))
  test(`a name that every object has is an ordinary name: ${place}`, () => {
    const result = (name: string) => {
      const { findings, problems } = checkInputs([input(name)], { engine });
      const text = JSON.stringify([
        findings.map(({ rule, verdict, resource, message }) => [rule, verdict, resource, message]),
        problems.map(({ message }) => message),
      ]);
      return text.replaceAll(name, "NAME").replaceAll(name.toLowerCase(), "NAME");
    };
    for (const name of inherited) assert.equal(result(name), result("Zebra"), name);
  });

test("a policy that cannot be analyzed is unknown, and a problem", () => {
  const { document } = normalizeInputs([
    orders,
    source("bad.json", { Resources: { Bad: key(policy(open)) } }),
  ]);
  const analyzed = analyzeSafely(document, ({ keys, ...others }) => {
    if (keys.some(({ resource, policy }) => resource === "Bad" && policy.statements.length > 0))
      throw new RangeError("Maximum call stack size exceeded");
    return { ...others, keys };
  });
  assert.deepEqual(
    analyzed.document.keys.map(({ policy }) => policy.state),
    ["resolved", "unresolved"],
  );
  assert.deepEqual(
    analyzed.problems.map(({ file, message }) => [file, message]),
    [["bad.json", "Keywarden could not judge the key policy of Bad: Maximum call stack size exceeded"]],
  );
});

test("a file that cannot be linked is a problem, and the others are linked", () => {
  const { keys } = normalizeInputs([orders]).document;
  const broken = { ...emptyPart(), keys: keys.map((one) => ({ ...one, id: "bad", policy: undefined })) };
  const linked = linkSafely([{ ...emptyPart(), keys }, broken as unknown as Part], {});
  assert.deepEqual(
    linked.document.keys.map(({ resource }) => resource),
    ["Orders"],
  );
  assert.match(linked.problems[0]?.message ?? "", /^Keywarden could not judge this file: /);
});

test("a number beyond the range of JSON is not the default", () => {
  const after = JSON.stringify(
    planOf([planned("aws_kms_key.orders", "eu-west-1", { deletion_window_in_days: 7777 })]),
  );
  for (const number of ["1e999", "-1e999", `"${"9".repeat(400)}"`]) {
    const report = checkInputs([source("p.json", after.replace("7777", number))], { engine });
    assert.deepEqual(
      report.findings.filter(({ rule }) => rule === "short_deletion_window").map(({ verdict }) => verdict),
      ["unknown"],
      number,
    );
  }
});

test("rule settings and documents of other programs may contain unpaired surrogates and repeated IDs", () => {
  const { document } = normalizeInputs([orders]);
  const [key] = document.keys;
  assert.ok(key);
  const replica = { ...key, id: "replica", kind: "replica" as const, resource: "Replica" };
  const primary = { text: "arn", keys: [key.id] };
  const enabled = { ...key, properties: { ...key.properties, spec: "RSA_2048" } };
  const keys = [key, enabled, { ...replica, primary }];
  const findings = engine.evaluate({ ...document, keys }, { trust: { accounts: ["\ud800"] } });
  assert.deepEqual(
    [...new Set(findings.filter(({ rule }) => rule === "public_access").map(({ resource }) => resource))],
    ["Orders", "Replica"],
  );
});

test("a Kubernetes object in one line that cannot be parsed is a problem", () => {
  const text = `{"apiVersion":"kms.services.k8s.aws/v1alpha1","kind":"Key","spec":{"policy":${"[".repeat(300)}${"]".repeat(300)}}}`;
  const report = checkInputs([{ path: "key.json", text }, orders], { engine });
  assert.deepEqual(
    report.problems.map(({ file }) => file),
    ["key.json"],
  );
});

test("a decision about inputs that were not all judged is never to allow", () => {
  const closed = source("a.json", { Resources: { Closed: key(policy(root)), Bad: key(policy(root)) } });
  const decide = createDecider({
    check: { engine: failing },
    failMode: "closed",
    revision: "test",
    version: "0.0.0",
    failOnWarn: false,
    noFail: false,
    requireContent: false,
  });
  assert.deepEqual(
    [closed, orders].map((input) => decide([input]).outcome),
    ["undecided", "denied"],
  );
  assert.equal(decide([closed, orders]).outcome, "denied");
  assert.equal(decide([closed]).allowed, false);
});
