import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { load } from "js-yaml";
import type { Decider } from "../../src/gate/decision.ts";
import { EXTERNAL_DATA_PATH, externalDataProtocol } from "../../src/gate/protocols/external-data.ts";
import {
  ackKey,
  crossplaneKey,
  decideBy,
  engine,
  everyone,
  goodPolicy,
  jsonOf,
  openPolicy,
  ownPolicy,
  requestOf,
} from "./support.ts";

interface Response {
  idempotent: boolean;
  items: { key: string; value: string[] | ""; error: string }[];
  systemError: string;
}

const asked = (keys: unknown) => ({
  apiVersion: "externaldata.gatekeeper.sh/v1beta1",
  kind: "ProviderRequest",
  request: { keys },
});

function responseIn(answer: Parameters<typeof jsonOf>[0]): Response {
  const { apiVersion, kind, response } = jsonOf(answer) as {
    apiVersion: string;
    kind: string;
    response: Response;
  };
  assert.deepEqual([apiVersion, kind], ["externaldata.gatekeeper.sh/v1beta1", "ProviderResponse"]);
  assert.equal(response.idempotent, true);
  return response;
}

const responseTo = (body: unknown, decide: Decider = decideBy()) =>
  responseIn(externalDataProtocol.handle(requestOf(EXTERNAL_DATA_PATH, body), decide));

const good = JSON.stringify(ackKey({ policy: goodPolicy }));
const open = JSON.stringify(crossplaneKey({ policy: openPolicy }));

test("only POST requests to its path match", () => {
  assert.equal(externalDataProtocol.matches("POST", "/gatekeeper/external-data"), true);
  assert.equal(externalDataProtocol.matches("GET", "/gatekeeper/external-data"), false);
});

test("each key has a value: the denying findings, or an empty string", () => {
  const { items, systemError } = responseTo(asked([good, open]));
  assert.equal(systemError, "");
  assert.deepEqual(
    items.map(({ key, error }) => ({ key, error })),
    [
      { key: good, error: "" },
      { key: open, error: "" },
    ],
  );
  assert.equal(items[0]?.value, "");
  assert.match(
    items[1]?.value[0] ?? "",
    /^public_access at \.spec\.forProvider\.policy, statement "All": .* https:/,
  );
});

test("a key that is an AdmissionReview is decided as one", () => {
  const review = (request: object) =>
    JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request });
  const object = ackKey({ policy: openPolicy });
  const { items } = responseTo(
    asked([
      review({ operation: "CREATE", object }),
      review({ operation: "UPDATE", object, oldObject: object }),
      review({ operation: "UPDATE", object: null }),
    ]),
  );
  assert.equal(items[0]?.value.length, 1);
  assert.equal(items[1]?.value, "");
  assert.match(items[2]?.error ?? "", /no request\.object/);
});

test("the decision about one object records its document", () => {
  const { decision } = externalDataProtocol.handle(requestOf(EXTERNAL_DATA_PATH, asked([open])), decideBy());
  assert.equal(decision?.outcome, "denied");
  assert.equal((decision?.input as { keys: object[] } | undefined)?.keys.length, 1);
  assert.doesNotMatch(JSON.stringify(decision?.result), /apiVersion/);
});

test("messages have a limited length", () => {
  const policy = ownPolicy(...Array.from({ length: 50 }, (_, i) => everyone(`${"s".repeat(2000)}${i}`)));
  const value = responseTo(asked([JSON.stringify(ackKey({ policy }))])).items[0]?.value ?? "";
  assert.equal(value.length, 21);
  for (const text of value) assert.ok(text.length <= 1500);
});

test("a key that cannot be read is an error of its item, or an empty string in fail mode open", () => {
  for (const key of ["", "{", "7", "[]", '"a"']) {
    const { items } = responseTo(asked([key, good]));
    assert.match(items[0]?.error ?? "", /^The key is not the JSON of an object\.$/);
    assert.equal(items[1]?.error, "");
    assert.equal(responseTo(asked([key]), decideBy({ failMode: "open" })).items[0]?.error, "");
  }
});

test("an object that the rules cannot evaluate is an error of its item", () => {
  const failing = { rules: engine.rules, evaluate: () => assert.fail("out of order") };
  const { items } = responseTo(asked([good]), decideBy({ engine: failing }));
  assert.match(items[0]?.error ?? "", /out of order/);
});

test("a body that is not a ProviderRequest is a system error", () => {
  for (const body of ["", "{}", asked("key"), asked([7]), { ...asked([]), kind: "Other" }]) {
    const { items, systemError } = responseTo(body);
    assert.deepEqual(items, []);
    assert.match(systemError, /\.$/);
  }
});

test("without a decision, there is a system error, or an empty string for each key in fail mode open", () => {
  const failed = (body: unknown, mode: "closed" | "open") =>
    responseIn(
      externalDataProtocol.handleFailure(
        requestOf(EXTERNAL_DATA_PATH, body),
        { kind: "timeout", message: "Too slow." },
        mode,
      ),
    );
  assert.deepEqual(failed(asked([good]), "closed"), {
    idempotent: true,
    items: [],
    systemError: "Too slow.",
  });
  assert.deepEqual(failed(asked([good]), "open").items, [{ key: good, value: "", error: "" }]);
  assert.equal(failed("", "open").systemError, "Too slow.");
});

test("arbitrary requests never throw, and every key has a value or an error", () => {
  const decide = decideBy();
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (keys) => {
      const { items } = responseTo(asked(keys), decide);
      assert.deepEqual(
        items.map(({ key }) => key),
        keys,
      );
      for (const { value, error } of items) assert.ok(error === "" || value === "");
    }),
    { numRuns: 100 },
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.uint8Array()), (body) => {
      assert.notEqual(responseTo(body, decide).systemError, "");
    }),
    { numRuns: 100 },
  );
});

const root = new URL("../..", import.meta.url).pathname;
const opa = join(root, ".cache/bin/opa");
const built = { skip: existsSync(opa) ? false : "opa is not built: make tools" };
const folder = mkdtempSync(join(tmpdir(), "keywarden-gatekeeper-"));
after(() => rmSync(folder, { recursive: true }));

interface Template {
  spec: { targets: { code: { engine: string; source: { version: string; rego: string } }[] }[] };
}

/** Evaluates a query on the template's rules, with an answer in the place of Gatekeeper's function. */
function evaluated(query: string, input: object, response: unknown): unknown {
  const template = load(readFileSync(join(root, "deploy/gatekeeper/template.yaml"), "utf8")) as Template;
  const [code] = template.spec.targets[0]?.code ?? [];
  assert.deepEqual([code?.engine, code?.source.version], ["Rego", "v1"]);
  const capabilities = JSON.parse(execFileSync(opa, ["capabilities", "--current"]).toString());
  const any = { type: "any" };
  capabilities.builtins.push({ name: "external_data", decl: { type: "function", args: [any], result: any } });
  const files = {
    "capabilities.json": JSON.stringify(capabilities),
    "template.rego": code?.source.rego ?? "",
    "mock.rego":
      "package mock\nanswer(request) := data.answers[_] if { request.provider; count(request.keys) == 1 }",
    "data.json": JSON.stringify({ answers: response === undefined ? [] : [response] }),
    "input.json": JSON.stringify(input),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const names = [
    "--data",
    "template.rego",
    "--data",
    "mock.rego",
    "--data",
    "data.json",
    "--input",
    "input.json",
  ];
  const options = ["--capabilities", "capabilities.json", "--strict", "--format", "raw"];
  const call = `x := ${query} with external_data as data.mock.answer`;
  execFileSync(opa, ["check", "--strict", "--capabilities", "capabilities.json", "template.rego"], {
    cwd: folder,
  });
  const raw = execFileSync(opa, ["eval", ...options, ...names, call, "--format", "json"], { cwd: folder });
  return JSON.parse(raw.toString()).result?.[0]?.bindings.x;
}

const violations = (review: object, response: unknown) =>
  (
    evaluated("data.keywarden.violation", { review, parameters: { provider: "keywarden" } }, response) as {
      msg: string;
    }[]
  ).map(({ msg }) => msg);

/** Keywarden's answer to what the template asks, as Gatekeeper hands it to the rules. */
function answerTo(review: object): object {
  const key = evaluated("data.keywarden._key", { review }, undefined);
  const { items, systemError } = responseTo(asked([key]));
  return {
    responses: items.filter(({ error }) => error === "").map(({ key, value }) => [key, value]),
    errors: items.filter(({ error }) => error !== "").map(({ key, error }) => [key, error]),
    status_code: 200,
    system_error: systemError,
  };
}

const object = ackKey({ policy: openPolicy });
for (const [what, review, expected] of [
  [
    "a good key is created",
    { operation: "CREATE", object: ackKey({ policy: goodPolicy }), oldObject: null },
    [],
  ],
  [
    "an open key is created",
    { operation: "CREATE", object, oldObject: null },
    [/^public_access at \.spec\.policy/],
  ],
  ["an open key is there", { operation: "", object, oldObject: null }, [/^public_access/]],
  ["an open key gets a finalizer", { operation: "UPDATE", object, oldObject: object }, []],
  [
    "a key is opened",
    { operation: "UPDATE", object, oldObject: ackKey({ policy: goodPolicy }) },
    [/^public_access/],
  ],
  [
    "a request says nothing",
    { operation: "CREATE" },
    [/^Keywarden could not decide: The AdmissionReview .* no request\.object/],
  ],
] as [string, object, RegExp[]][])
  test(`the constraint template with Keywarden's response: ${what}`, built, () => {
    const found = violations(review, answerTo(review));
    assert.equal(found.length, expected.length, found.join("\n"));
    for (const [i, pattern] of expected.entries()) assert.match(found[i] ?? "", pattern);
  });

for (const [what, response, why] of [
  [
    "a provider that cannot be reached",
    { responses: null, errors: null, status_code: 500, system_error: "refused" },
    "refused",
  ],
  [
    "an error of the key",
    { responses: [], errors: [["k", "unreadable"]], status_code: 200, system_error: "" },
    "unreadable",
  ],
  [
    "no answer for the key",
    { responses: [], errors: [], status_code: 200, system_error: "" },
    "there is no answer",
  ],
  [
    "the answer for another key",
    { responses: [["other", ""]], errors: [], status_code: 200, system_error: "" },
    "there is no answer",
  ],
  ["an empty answer", {}, "there is no answer"],
  ["no answer at all", undefined, "there is no answer"],
] as [string, object | undefined, string][])
  test(`the constraint template denies on ${what}`, built, () => {
    assert.deepEqual(violations({ operation: "CREATE", object }, response), [
      `Keywarden could not decide: ${why}`,
    ]);
  });

test(
  "the constraint template doesn't call Keywarden if only the finalizers of a deleted object change",
  built,
  () => {
    const metadata = { ...object.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    const oldObject = { ...object, metadata: { ...metadata, finalizers: ["a/b"] } };
    const update = (changes: object) => ({
      operation: "UPDATE",
      object: { ...object, metadata, ...changes },
      oldObject,
    });
    assert.deepEqual(violations(update({}), undefined), []);
    for (const changes of [
      { spec: {} },
      { metadata: { ...metadata, annotations: { "services.k8s.aws/deletion-policy": "delete" } } },
      { metadata: { ...metadata, labels: { team: "a" } } },
    ])
      assert.equal(violations(update(changes), undefined).length, 1, JSON.stringify(changes));
  },
);

test("an invalid value denies", built, () => {
  const review = { operation: "CREATE", object };
  const key = evaluated("data.keywarden._key", { review }, undefined);
  for (const value of [null, true, {}, [], [7], "x"]) {
    const response = { responses: [[key, value]], errors: [], status_code: 200, system_error: "" };
    assert.ok(violations(review, response).length > 0, JSON.stringify(value));
  }
});
