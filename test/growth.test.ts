/** The work for an input is proportional to its size, however its values refer to each other. `make laws LAW=growth` measures time and memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeInputs } from "../src/core/pipeline.ts";
import { families } from "./laws/growth/families.ts";
import { allow, json, key, nested, policy, repeat, root, template } from "./laws/growth/family.ts";

const normalized = (path: string, text: string) => normalizeInputs([{ path, text, named: true }]);

/** The document has a location for each value, so it is larger than its input. */
const DOCUMENT_FACTOR = 500;

test("every kind of hostile input becomes a document in proportion to its size", { timeout: 600_000 }, () => {
  for (const { name, n, files } of families)
    for (const [path, text] of Object.entries(files(Math.max(2, Math.floor(n / 20))))) {
      if (/^(keywarden\.config|ignore)\./.test(path)) continue;
      const { document, problems } = normalized(path, text);
      const size = json(document).length;
      assert.ok(size <= DOCUMENT_FACTOR * text.length + 100_000, `${name}: ${text.length} become ${size}`);
      for (const { message } of problems) assert.doesNotMatch(message, /internal error/, name);
    }
});

const parameters = { P: { Type: "String" } };
const principal = (value: unknown) => key(policy(root, allow({ Principal: { AWS: value } })));
const doubled = (n: number) =>
  nested<unknown>(n, { Ref: "P" }, (inner) => ({ "Fn::Sub": ["${A}${A}", { A: inner }] }));

const problemCases: { [name: string]: { path: string; text: string; message: RegExp } } = {
  "functions that double": {
    path: "template.json",
    text: json(template({ Key: principal(doubled(40)) }, { Parameters: parameters })),
    message: /^The expressions of the file expand to more than \d+ values/,
  },
  "many keys with one long policy": {
    path: "template.json",
    text: json(
      template(Object.fromEntries(repeat(200, (i) => [`Key${i}`, principal({ Ref: "P" })])), {
        Parameters: { P: { Type: "String", Default: "x".repeat(20_000) } },
      }),
    ),
    message: /^The expressions of the file expand to more than/,
  },
  "a string that is encoded again and again": {
    path: "template.json",
    text: json(template({ Key: principal(nested<unknown>(80, "x", (inner) => ({ "Fn::Base64": inner }))) })),
    message: /^The expressions of the file expand to more than/,
  },
  "aliases of a long string": {
    path: "policy.yaml",
    text: `a: &a "${"kms".repeat(2000)}"\nb: [${repeat(300, () => "*a").join(", ")}]\n`,
    message: /^Aliases expand to more than 10000 values/,
  },
  "a Helm template with more actions than text": {
    path: "key.yaml",
    text: `apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Key\nspec:\n${"  a: {{ .Values.a }}\n".repeat(5000)}`,
    message: /^The Helm template has too many actions for its length/,
  },
};

for (const [name, { path, text, message }] of Object.entries(problemCases))
  test(`${name}: the file has a problem with its position and a remedy, and other files are read`, () => {
    const other = { path: "other.json", text: json(policy(root)), named: true };
    const { document, problems } = normalizeInputs([{ path, text, named: true }, other]);
    assert.match(problems[0]?.message ?? "", message);
    assert.equal(problems[0]?.file, path);
    assert.notEqual(problems[0]?.remedy, "");
    assert.ok(document.keys.some(({ location }) => location.file === other.path));
  });

test("lists around any element of a statement are malformed", () => {
  for (const element of ["Effect", "Principal", "Action", "Resource", "Condition", "Sid"]) {
    const text = json(policy(root, allow({ [element]: nested<unknown>(150, "*", (inner) => [inner]) })));
    const [found] = normalized("policy.json", text).document.keys;
    assert.match(found?.policy.problems[0]?.message ?? "", /^statement 2 has a list/, element);
    assert.ok(json(found).length < 20 * text.length + 10_000, element);
  }
});

test("a policy has at most 101 problems, and the last one counts the others", () => {
  const text = json(policy(...repeat(1000, (i) => ({ Sid: `S${i}` }))));
  const problems = normalized("policy.json", text).document.keys[0]?.policy.problems ?? [];
  assert.equal(problems.length, 101);
  assert.match(problems[100]?.message ?? "", /^the policy has 3900 more problems, starting here: /);
});

test("messages, excerpts and names quote only the beginning of long values", () => {
  const long = "x".repeat(100_000);
  const text = json(
    policy(root, ...repeat(20, () => allow({ Sid: long, Principal: { AWS: long }, Action: long }))),
  );
  const problems = normalized("policy.json", text).document.keys[0]?.policy.problems ?? [];
  for (const { message } of problems) assert.ok(message.length <= 501);
});

test("a reference with many unknown parts is compared with aliases at once", { timeout: 60_000 }, () => {
  const Queue = { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: `arn:${"⟨a⟩".repeat(200)}` } };
  assert.equal(
    normalized("template.json", json(template({ Key: key(), Queue }))).document.consumers.length,
    1,
  );
});

test("Kubernetes lists can be nested", () => {
  const object = {
    apiVersion: "kms.aws.upbound.io/v1beta1",
    kind: "Key",
    metadata: { name: "orders" },
    spec: {},
  };
  const text = json(
    nested<unknown>(20, object, (inner) => ({ apiVersion: "v1", kind: "List", items: [inner] })),
  );
  assert.deepEqual(
    normalized("objects.json", text).document.keys.map(({ resource }) => resource),
    ["Key/orders"],
  );
});
