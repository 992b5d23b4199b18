import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { normalize } from "../../src/check.ts";
import type { Answer } from "../../src/server/protocol.ts";
import { opa } from "../../src/server/protocols/opa/index.ts";
import { deciding, request, root } from "./support.ts";

const decide = deciding();
type Call = [method: string, target: string, body?: string, type?: string];
const call = ([method, target, body = "", type]: Call, by = decide): Answer =>
  opa.answer(request(method, target, body, type === undefined ? {} : { "content-type": type }), by);

interface Documents {
  allow: boolean;
  deny: { msg: string; loc: object; metadata: { [name: string]: unknown } }[];
  warn: Documents["deny"];
  skipped: Documents["deny"];
  problems: { message: string; file: string }[];
  notices: { message: string }[];
  outcome: string;
}
const documents = (input: unknown, by = decide): Documents =>
  JSON.parse(call(["POST", "/v1/data/keywarden", JSON.stringify({ input })], by).body).result;

const everyone = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};
const key = (properties: object) => ({
  Resources: { Key: { Type: "AWS::KMS::Key", DeletionPolicy: "Retain", Properties: properties } },
});
const good = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Owner",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};
const ack = {
  apiVersion: "kms.services.k8s.aws/v1alpha1",
  kind: "Key",
  metadata: { name: "app" },
  spec: { enableKeyRotation: false },
};
const plan = (body: string) => ({ path: "main.tf", text: `resource "aws_kms_key" "app" {\n${body}\n}\n` });
const document = (value: object) => {
  const text = JSON.stringify(value);
  return normalize([{ path: "input", text, named: true }]).document;
};
const rules = ({ deny, warn }: Documents) => [...deny, ...warn].map(({ metadata }) => metadata["rule"]);

describe("what an input may be", () => {
  const denied: [name: string, input: unknown, rule: string][] = [
    ["a key policy", everyone, "public_access"],
    ["its text", JSON.stringify(everyone), "public_access"],
    ["a template", key({ KeyPolicy: everyone }), "public_access"],
    ["the text of a template", `Resources:\n  Key: {Type: AWS::KMS::Key}`, "rotation_disabled"],
    ["the text of Terraform's source", 'resource "aws_kms_key" "app" {}', "rotation_disabled"],
    ["an object of Kubernetes", ack, "rotation_disabled"],
    [
      "an AdmissionReview",
      { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { uid: "1", object: ack } },
      "rotation_disabled",
    ],
    ["a file", { path: "key.json", text: JSON.stringify(everyone) }, "public_access"],
    ["a file without a path", { text: 'resource "aws_kms_key" "app" {}' }, "rotation_disabled"],
    ["files", { files: [plan("enable_key_rotation = false")] }, "rotation_disabled"],
    ["a document", document(everyone), "public_access"],
  ];
  for (const [name, input, rule] of denied)
    it(name, () => {
      const told = documents(input);
      assert.ok(rules(told).includes(rule), JSON.stringify(told).slice(0, 1000));
      assert.deepEqual(told.problems, []);
    });

  it("files of Terraform read what stands beside them", () => {
    const policy = 'policy = file("${path.module}/policy.json")';
    const files = [plan(policy), { path: "policy.json", text: JSON.stringify(everyone) }];
    const { deny } = documents({ files });
    assert.deepEqual(
      deny
        .map(({ metadata: { resource, rule } }) => [resource, rule])
        .filter(([, rule]) => rule === "public_access"),
      [["aws_kms_key.app", "public_access"]],
    );
  });

  it("the account and the Region count", () => {
    const text = JSON.stringify(good);
    const about = (account: string) => documents({ account, region: "eu-central-1", text });
    assert.equal(about("111122223333").outcome, "allowed");
    assert.equal(about("444455556666").outcome, "denied");
  });

  it("findings say where, by pointers into the input", () => {
    const { deny } = documents(everyone);
    const [finding] = deny.filter(({ metadata }) => metadata["rule"] === "public_access");
    assert.deepEqual(finding?.loc, { file: "input", line: 1 });
    assert.equal(finding?.metadata["pointer"], "/Statement/0/Principal");
  });

  it("a document is judged as what it was made from", () =>
    assert.deepEqual(documents(document(key({}))), documents(key({}))));

  it("without keys it is allowed, and a notice says that nothing was checked", () => {
    for (const input of [
      {},
      [],
      { Resources: {} },
      { files: [{ path: "main.tf", text: 'locals { a = "b" }' }] },
    ]) {
      const told = documents(input);
      assert.equal(told.allow, true, JSON.stringify(input));
      assert.match(told.notices[0]?.message ?? "", /nothing checked/);
    }
  });

  const empty = document({});
  const undecidable: [input: unknown, message: RegExp][] = [
    [7, /^It is 7\.$/],
    [false, /^It is false\.$/],
    [{ text: 7 }, /^\/text is no string/],
    [{ path: 7, text: "" }, /^\/path is no string/],
    [{ path: "a\0", text: "" }, /is no path/],
    [{ path: "a/".repeat(600), text: "" }, /is no path/],
    [{ text: "", acount: "1" }, /"\/acount" is not known/],
    [{ text: "", account: 111122223333 }, /account is 111122223333/],
    [{ text: "", region: "Frankfurt" }, /Region is "Frankfurt"/],
    [{ files: [] }, /^\/files is no list of files/],
    [{ files: { path: "a", text: "" } }, /^\/files is no list of files/],
    [{ files: [{ text: "" }, "text"] }, /^\/files\/1 is no file/],
    [{ files: [{ text: "" }], path: "a" }, /"\/path" is not known/],
    [{ files: [plan(""), { ...plan(""), path: "./main.tf" }] }, /"\.\/main\.tf" stands twice/],
    [{ text: "Resources: [AWS::KMS::Key" }, /./],
    [{ files: [plan("}")] }, /./],
    [{ ...empty, version: 2 }, /^It is no normalized document: \/version must be equal to constant/],
    [{ ...empty, keys: undefined }, /: it must have required property 'keys'/],
    [{ ...empty, keys: [{}] }, /: \/keys\/0 must have required property/],
    [{ ...empty, keyes: [] }, /: it must NOT have additional properties: "keyes"/],
    [{ dataVersion: "2026-01-01" }, /must have required property/],
    [
      { ...document(good), keys: [{ ...document(good).keys[0], owner: 7 }] },
      /\/keys\/0\/owner must be string or/,
    ],
  ];
  for (const [input, message] of undecidable)
    it(`undecided: ${JSON.stringify(input).slice(0, 60)}`, () => {
      const { allow, outcome, problems, deny } = documents(input);
      assert.deepEqual(
        { allow, outcome, count: problems.length },
        { allow: false, outcome: "undecided", count: 1 },
      );
      assert.match(problems[0]?.message ?? "", message);
      assert.equal(deny[0]?.msg.startsWith(problems[0]?.message ?? "-"), true);
      assert.deepEqual(documents(input, deciding({ mode: "open" })).allow, true);
    });

  it("rules that fail on a document deny it", () => {
    const engine = {
      rules: [],
      evaluate: () => {
        throw new Error("out of memory");
      },
    };
    const { allow, outcome, problems } = documents(document(good), deciding({ check: { engine } }));
    assert.deepEqual({ allow, outcome }, { allow: false, outcome: "undecided" });
    assert.match(problems[0]?.message ?? "", /out of memory/);
  });
});

describe("deny is empty where the change is allowed, and only there", () => {
  const noisy = key({ EnableKeyRotation: false, KeyPolicy: good });
  const cases: [name: string, input: unknown, options: Parameters<typeof deciding>[0], allow: boolean][] = [
    ["findings", everyone, {}, false],
    ["findings that deny nothing", everyone, { noFail: true }, true],
    ["warnings", noisy, {}, true],
    ["warnings that deny", noisy, { failOnWarn: true }, false],
    ["an input that cannot be read", { text: 1 }, {}, false],
    ["the same in the fail mode open", { text: 1 }, { mode: "open" }, true],
  ];
  for (const [name, input, options, allow] of cases)
    it(name, () => {
      const told = documents(input, deciding(options));
      assert.equal(told.allow, allow);
      assert.equal(told.deny.length === 0, allow, JSON.stringify(told));
      // Nothing gets lost on the way from one list to the other.
      const findings = rules(told).filter((rule) => rule !== undefined);
      assert.deepEqual(
        findings.sort(),
        rules(documents(input))
          .filter((rule) => rule !== undefined)
          .sort(),
      );
    });
});

describe("paths, methods and bodies", () => {
  const input = JSON.stringify({ input: everyone });
  const cases: [call: Call, status: number, body: RegExp][] = [
    [["POST", "/v1/data/keywarden/revision", input], 200, /"result":"[0-9a-f]{12}"/],
    [["POST", "/v1/data/keywarden/document/keys/0/kind", input], 200, /"result":"policy"/],
    [["POST", "/v1/data/keywarden", input], 200, /^(?!.*"document")/],
    [["POST", "/v1/data/keywarden/allow"], 200, /"result":false,"warning":\{"code":"api_usage_warning"/],
    [["GET", "/v1/data/keywarden/allow"], 200, /"result":false\}/],
    [
      ["POST", "/v1/data/keywarden/allow?provenance", input],
      200,
      /"version":"0\.0\.0".*"revision":"[0-9a-f]{12}"/,
    ],
    // OPA takes the first value and drops the rest; of a key that stands twice it takes the last.
    [["POST", "/v1/data/keywarden/allow", `${input} x`], 400, /"invalid_parameter"/],
    [["POST", "/v1/data/keywarden/allow", `{"input": 1, ${input.slice(1)}`], 400, /"invalid_parameter"/],
    [
      ["POST", "/v1/data/keywarden/allow", "a: 1\n---\nb: 1\n", "application/yaml"],
      400,
      /several YAML documents/,
    ],
    [["PUT", "/v1/data/keywarden/allow", "true"], 405, /^$/],
    [["DELETE", "/v1/data"], 405, /^$/],
  ];
  for (const [asked, status, body] of cases)
    it(asked.join(" ").slice(0, 80), () => {
      const answer = call(asked);
      assert.equal(answer.status, status);
      assert.match(answer.body, body);
    });

  it("bytes that are no UTF-8 are refused", () => {
    const body = Buffer.from([...Buffer.from('{"input": "'), 0xff, ...Buffer.from('"}')]);
    const { status } = opa.answer(request("POST", "/v1/data/keywarden/allow", body), decide);
    assert.equal(status, 400);
  });

  it("YAML in CloudFormation's short form is read", () => {
    const body =
      "input:\n  Resources:\n    Key:\n      Type: AWS::KMS::Key\n      Properties: {EnableKeyRotation: !Ref On}\n";
    const { result } = JSON.parse(call(["POST", "/v1/data/keywarden", body, "application/yaml"]).body);
    assert.match(JSON.stringify(result), /rotation_disabled/);
  });

  it("other requests are nobody's", () => {
    for (const [method, path] of [
      ["GET", "/"],
      ["GET", "/v1"],
      ["POST", "/v1/query"],
      ["GET", "/v1/database"],
      ["GET", "/v2/data"],
    ] as const)
      assert.equal(opa.answers(method, path), false, `${method} ${path}`);
  });
});

describe("the log of decisions", () => {
  it("has the path as it came, the outcome, the document and the result", () => {
    const { decision } = call(["POST", "/v1/data/keywarden/allow", JSON.stringify({ input: everyone })]);
    assert.deepEqual(decision, {
      path: "keywarden/allow",
      outcome: "denied",
      result: false,
      input: document(everyone),
    });
    assert.equal(call(["POST", "/v0/data", JSON.stringify(everyone)]).decision?.path, "");
  });
  it("has no document where nothing could be read", () => {
    const { decision } = call(["POST", "/v1/data/keywarden/allow", '{"input": {"text": 1}}']);
    assert.deepEqual(decision, { path: "keywarden/allow", outcome: "undecided", result: false });
  });
  it("has nothing where nothing was decided", () => {
    assert.equal(call(["POST", "/v1/data/other", '{"input": 1}']).decision, undefined);
    assert.equal(call(["POST", "/v1/data/keywarden", "{"]).decision, undefined);
  });
});

it("an error of the server is an error in either mode", () => {
  const failure = { kind: "overloaded", message: "Too many requests.", retryAfter: 0.2 } as const;
  for (const mode of ["closed", "open"] as const) {
    const answer = opa.failed(request("POST", "/v1/data/keywarden/allow"), failure, mode);
    assert.equal(answer.status, 429);
    assert.equal(answer.headers["retry-after"], "1");
    assert.deepEqual(JSON.parse(answer.body), { code: "too_many_requests", message: "Too many requests." });
  }
});

const binary = join(root, ".cache/bin/opa");
const built = existsSync(binary) ? {} : { skip: "opa is not built: make tools" };

/** The documents of one input as OPA's data: it answers every request for them as it answers any. */
describe("OPA answers the same", built, () => {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-opa-"));
  let server: ChildProcess;
  let url = "";
  before(async () => {
    writeFileSync(join(folder, "data.json"), JSON.stringify({ keywarden: documents(everyone) }));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const log = ["--set", "decision_logs.console=true"];
    server = spawn(binary, ["run", "-s", ...log, "--addr", `127.0.0.1:${port}`, "data.json"], {
      cwd: folder,
      stdio: "ignore",
    });
    while (!(await fetch(`${url}/health`).catch(() => null)))
      await new Promise((next) => setTimeout(next, 50));
  });
  after(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const input = JSON.stringify({ input: everyone });
  const bare = JSON.stringify(everyone);
  const yaml = `input: ${bare}\n`;
  const asked = encodeURIComponent(bare);
  const calls: Call[] = [
    ...["", "/", "/keywarden", "/keywarden/", "/keywarden//deny", "/keywarden/allow", "/keywarden/deny"].map(
      (path): Call => ["POST", `/v1/data${path}`, input],
    ),
    ...[
      "deny/0",
      "deny/00/msg",
      "deny/0/metadata/rule",
      "deny/99",
      "deny/x",
      "deny/-1",
      "nope",
      "allow/x",
    ].map((path): Call => ["POST", `/v1/data/keywarden/${path}`, input]),
    ["POST", "/v1/data/keywarden//allow?pretty", input],
    ["POST", "/v1/data/keywarden/%61llow", input],
    ["POST", "/v1/data/other", input],
    ["POST", "/v1/data/__proto__", input],
    ["GET", `/v1/data/keywarden/allow?input=${asked}`],
    ["GET", `/v1/data/keywarden/allow?input=1&input=${asked}`],
    ["GET", "/v1/data/keywarden/allow?input="],
    ["GET", "/v1/data/keywarden/allow?input=%7B"],
    ["GET", "/v1/data/keywarden/allow?pretty"],
    ["POST", "/v1/data/keywarden/allow"],
    ["POST", "/v1/data/keywarden/allow", "{}"],
    ["POST", "/v1/data/keywarden/allow", "null"],
    ["POST", "/v1/data/keywarden/allow", '{"input": null}'],
    ["POST", "/v1/data/keywarden/allow", "  \n"],
    ["POST", "/v1/data/keywarden/allow", "[1]"],
    ["POST", "/v1/data/keywarden/allow", '"text"'],
    ["POST", "/v1/data/keywarden/allow", "{"],
    ["POST", "/v1/data/keywarden/allow", '{"input":}'],
    ["POST", "/v1/data/keywarden/allow", yaml, "application/yaml"],
    ["POST", "/v1/data/keywarden/allow", yaml, "application/x-yaml; charset=utf-8"],
    ["POST", "/v1/data/keywarden/allow", "input: [", "text/yaml"],
    ...["pretty", "pretty=TRUE", "pretty=false", "pretty=yes", "explain=notes", "explain=off", "explain"].map(
      (query): Call => ["POST", `/v1/data/keywarden/allow?${query}`, input],
    ),
    ["POST", "/v1/data/keywarden/allow?metrics&strict-builtin-errors", input],
    ["POST", "/v1/data/keywarden/allow?metrics=false&provenance=true", input],
    ["POST", "/v1/data/keywarden/allow?provenance&pretty&metrics", input],
    ...[
      "",
      "/",
      "/keywarden/deny",
      "/keywarden/allow?pretty",
      "/keywarden/nope",
      "/other/x/0",
      "/other/a%20b/-1/00",
    ].map((path): Call => ["POST", `/v0/data${path}`, bare]),
    ["POST", "/v0/data/keywarden/allow", "{"],
    ["POST", "/v0/data/keywarden/allow", bare, "application/yaml"],
    ["GET", "/v0/data/keywarden/allow"],
    ["PUT", "/v0/data/keywarden/allow", bare],
    ["OPTIONS", "/v1/data/keywarden/allow"],
    ["POST", "/", bare],
    ["POST", "/?pretty", bare],
  ];
  for (const one of calls)
    it(one.join(" ").slice(0, 100), async () => {
      const [method, target, body, type] = one;
      const theirs = await fetch(url + target, {
        method,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
        headers: type === undefined ? {} : { "content-type": type },
      });
      const ours = call(one);
      assert.deepEqual(
        comparable(ours.status, ours.headers, ours.body),
        comparable(theirs.status, Object.fromEntries(theirs.headers), await theirs.text()),
      );
    });
});

/** What has to be the same: not ids, times, versions, and what their parsers call a mistake. */
function comparable(status: number, headers: { [name: string]: string }, body: string) {
  const { location, "content-type": type } = headers;
  const indented = /^\{\n {2}"|^\[\n/.test(body);
  const value = body.startsWith("{") || body.startsWith("[") ? JSON.parse(body) : body;
  const without = JSON.parse(JSON.stringify(value), (name, inner) => {
    if (name === "decision_id") return /^[0-9a-f-]{36}$/.test(inner);
    if (name === "metrics")
      return Object.keys(inner).filter((key) =>
        /^timer_(rego_(input_parse|query_eval)|server_handler)_ns$/.test(key),
      );
    if (name === "provenance")
      return ["version", "build_commit"].every((key) => typeof inner[key] === "string");
    if (name === "message") return inner.replace(/(malformed input document: ).*/s, "$1…");
    return inner;
  });
  // Without an input nothing is decided here; OPA's data is there always.
  const verdict = without?.warning === undefined && status === 200 ? without : { ...without, result: null };
  return { status, location, type, indented, newline: body.endsWith("\n"), body: verdict };
}

/** A port that nobody listens on. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
