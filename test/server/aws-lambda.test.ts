import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { HookResponse } from "../../src/gate/protocols/hooks/index.ts";
import { read } from "./support.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keywarden-lambda-"));
after(() => rmSync(folder, { recursive: true, force: true }));

// The function consists of this file alone: there is no package next to it.
before(() => cpSync(join(root, "dist/aws-lambda.js"), join(folder, "index.mjs")));

interface Call {
  event: unknown;
  env?: { [name: string]: string };
  /** The responses of S3, in order: a status with a body or a location, a network error, or no response at all. */
  s3?: ({ status?: number; body?: string; location?: string } | "error" | "silence")[];
  remaining?: number;
  config?: string;
}

interface Ended {
  response: HookResponse;
  asked: string[];
  log: { [field: string]: unknown }[];
}

/** Invokes the function in a new process, as Lambda does. */
function invoke({ event, env = {}, s3 = [], remaining = 28_000, config }: Call): Ended {
  rmSync(join(folder, "keywarden.config.yaml"), { force: true });
  if (config !== undefined) writeFileSync(join(folder, "keywarden.config.yaml"), config);
  const program = `
    const answers = ${JSON.stringify(s3)};
    const asked = [];
    // An open connection would keep the process alive too.
    setInterval(() => {}, 1000);
    globalThis.fetch = async (url, { signal, headers, redirect }) => {
      asked.push(String(url));
      if (redirect !== "manual") throw new Error("redirects are followed");
      const answer = answers.shift();
      if (answer === undefined || answer === "silence")
        await new Promise((_, stop) => signal.addEventListener("abort", () => stop(signal.reason)));
      if (answer === "error") throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
      const { status = 200, body = "", location } = answer;
      return new Response(status === 204 ? null : body, { status, headers: location ? { location } : {} });
    };
    const { handler } = await import("./index.mjs");
    const context = { awsRequestId: "request", getRemainingTimeInMillis: () => ${remaining} };
    const response = await handler(${JSON.stringify(event)}, context);
    process.stderr.write(JSON.stringify({ response, asked }));
    process.exit();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, LAMBDA_TASK_ROOT: folder, ...env },
  });
  const lines = stdout.split("\n").filter(Boolean);
  try {
    return { ...JSON.parse(stderr), log: lines.map((line) => JSON.parse(line)) };
  } catch {
    return assert.fail(`${stdout}\n${stderr}`);
  }
}

const payload = "https://hooks.s3.eu-west-1.amazonaws.com/stack/1?X-Amz-Signature=secret";
const stack = (url = payload) => ({
  clientRequestToken: "token",
  awsAccountId: "111122223333",
  stackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/1a2345b6",
  hookTypeName: "Keywarden::Kms::Stacks",
  actionInvocationPoint: "CREATE_PRE_PROVISION",
  requestData: { targetName: "STACK", targetType: "STACK", targetLogicalId: "orders", payload: url },
});
const bad = JSON.stringify({ template: read("examples/cross-account-without-root/template.yaml") });
const verdict = ({ response: { hookStatus, errorCode } }: Ended) => errorCode ?? hookStatus;

test("the function is a single file, and checks the resource of its event", () => {
  const properties = {
    KeyPolicy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
    },
  };
  const event = {
    ...stack(),
    requestData: {
      targetName: "AWS::KMS::Key",
      targetType: "AWS::KMS::Key",
      targetLogicalId: "Orders",
      targetModel: { resourceProperties: properties },
    },
  };
  const ended = invoke({ event });
  assert.equal(verdict(ended), "NonCompliant");
  assert.match(ended.response.message, /public_access/);
  assert.deepEqual(ended.asked, []);
});

test("a template is fetched and checked, and stays out of the log", () => {
  const ended = invoke({ event: stack(), s3: [{ body: bad }] });
  assert.equal(verdict(ended), "NonCompliant");
  assert.deepEqual(ended.asked, [payload]);
  const [line, ...more] = ended.log;
  assert.deepEqual(more, []);
  const { time: _, seconds: __, rules, ...rest } = line as { [field: string]: unknown };
  assert.ok(Array.isArray(rules) && rules.includes("key_unmanageable"));
  assert.deepEqual(rest, {
    level: "info",
    msg: "decision",
    request: "request",
    hook: "Keywarden::Kms::Stacks",
    target: "STACK",
    type: "STACK",
    name: "orders",
    action: "CREATE",
    account: "111122223333",
    region: "eu-west-1",
    stack: stack().stackId,
    outcome: "denied",
    status: "FAILED",
  });
  assert.doesNotMatch(JSON.stringify(ended.log), /secret|444455556666|Let two partners read/);
});

const good = { body: JSON.stringify({ template: "Resources: {Topic: {Type: AWS::SNS::Topic}}" }) };
const fetched: [string, Call["s3"], string, number][] = [
  ["an error, then an answer", ["error", good], "SUCCESS", 2],
  ["503, then an answer", [{ status: 503 }, good], "SUCCESS", 2],
  [
    "a redirect to another host of S3",
    [{ status: 307, location: "https://hooks.s3-eu-west-1.amazonaws.com/x" }, good],
    "SUCCESS",
    2,
  ],
  [
    "a redirect to elsewhere",
    [{ status: 302, location: "https://example.com/x" }, good],
    "InternalFailure",
    1,
  ],
  [
    "a redirect without TLS",
    [{ status: 302, location: "http://hooks.s3.amazonaws.com/x" }, good],
    "InternalFailure",
    1,
  ],
  ["403", [{ status: 403, body: "<Error/>" }, good], "InternalFailure", 1],
  ["errors", ["error", "error", good], "InternalFailure", 2],
  ["no JSON", [{ body: "{" }], "InternalFailure", 1],
  ["no template", [{ body: JSON.stringify({ template: "Access Denied" }) }], "InternalFailure", 1],
];

for (const [name, s3 = [], expected, asked] of fetched)
  test(`S3 gives ${name}: ${expected}`, () => {
    const ended = invoke({ event: stack(), s3 });
    assert.equal(verdict(ended), expected, ended.response.message);
    assert.equal(ended.asked.length, asked);
    assert.doesNotMatch(ended.response.message + JSON.stringify(ended.log), /X-Amz|secret/);
  });

test("KEYWARDEN_REQUIRE_CONTENT accepts what is no template, and an unknown protocol is an error", () => {
  const s3 = [{ body: JSON.stringify({ template: "Access Denied" }) }];
  const empty = invoke({ event: stack(), s3, env: { KEYWARDEN_REQUIRE_CONTENT: "none" } });
  assert.deepEqual([verdict(empty), empty.log[0]?.["outcome"]], ["SUCCESS", "empty"]);
  const config = "require-content: [check]\n";
  assert.equal(verdict(invoke({ event: stack(), s3, config })), "SUCCESS");
  const wrong = invoke({ event: stack(), s3: [good], env: { KEYWARDEN_REQUIRE_CONTENT: "hook" } });
  assert.match(wrong.response.message, /--require-content: "hook" is not a protocol/);
});

test("if S3 does not respond, the function answers before it times out", () => {
  const ended = invoke({ event: stack(), s3: ["silence", "silence"], remaining: 600 });
  assert.equal(verdict(ended), "InternalFailure");
  const opened = invoke({
    event: stack(),
    s3: ["silence"],
    remaining: 600,
    env: { KEYWARDEN_FAIL_MODE: "open" },
  });
  assert.equal(verdict(opened), "SUCCESS");
  assert.match(opened.response.message, /^NOT CHECKED: /);
  assert.equal(opened.log[0]?.["level"], "error");
});

const hosts: [string, boolean][] = [
  ["https://s3.eu-west-1.amazonaws.com/bucket/key", true],
  ["https://s3.amazonaws.com/bucket/key", true],
  ["https://bucket.s3.amazonaws.com/key", true],
  ["https://b.u.c.k.e.t.s3.dualstack.us-gov-west-1.amazonaws.com/key", true],
  ["https://bucket.s3-fips.us-east-1.amazonaws.com/key", true],
  ["https://bucket.s3.cn-north-1.amazonaws.com.cn/key", true],
  ["http://bucket.s3.eu-west-1.amazonaws.com/key", false],
  ["https://bucket.s3.eu-west-1.amazonaws.com:8443/key", false],
  ["https://user:secret@bucket.s3.eu-west-1.amazonaws.com/key", false],
  ["https://bucket.s3.eu-west-1.amazonaws.com.example.com/key", false],
  ["https://example.com/s3.eu-west-1.amazonaws.com", false],
  ["https://s3.eu-west-1.evil.amazonaws.com/key", false],
  ["https://evils3.amazonaws.com/key", false],
  ["https://169.254.169.254/latest/meta-data", false],
  ["https://[::1]/key", false],
  ["file:///etc/passwd", false],
  ["nonsense", false],
];

test("payloads are fetched only from S3, over TLS", () => {
  for (const [url, allowed] of hosts) {
    const { asked, response } = invoke({ event: stack(url), s3: [good] });
    assert.deepEqual(asked, allowed ? [url] : [], url);
    assert.equal(response.hookStatus, allowed ? "SUCCESS" : "FAILED", url);
    assert.doesNotMatch(response.message, /secret/);
  }
});

test("the environment overrides the config file next to the function", () => {
  const config = "levels:\n  key_unmanageable: warning\n  root_access_missing: warning\n";
  const s3: Call["s3"] = [{ body: bad }];
  assert.equal(verdict(invoke({ event: stack(), s3, config })), "SUCCESS");
  assert.equal(
    verdict(invoke({ event: stack(), s3, config, env: { KEYWARDEN_FAIL_ON_WARN: "true" } })),
    "NonCompliant",
  );
});

const wrong: [string, Pick<Call, "config" | "env">, RegExp][] = [
  ["a configuration", { config: "levles: {}\n" }, /levles/],
  ["a value in the environment", { env: { KEYWARDEN_FAIL_ON_WARN: "perhaps" } }, /KEYWARDEN_FAIL_ON_WARN/],
  ["a fail mode", { env: { KEYWARDEN_FAIL_MODE: "ajar" } }, /--fail-mode: "ajar" is not a mode/],
];

for (const [name, call, told] of wrong)
  test(`${name} that is invalid denies everything and is reported`, () => {
    const ended = invoke({ event: stack(), s3: [good], ...call });
    assert.equal(verdict(ended), "InternalFailure");
    assert.match(ended.response.message, told);
  });

test("a misspelled environment variable is logged", () => {
  const { log } = invoke({ event: stack(), s3: [good], env: { KEYWARDEN_FAIL_ON_WRAN: "true" } });
  assert.match(String(log[0]?.["msg"]), /KEYWARDEN_FAIL_ON_WRAN: unknown variable/);
});

test("an invalid event gets an answer", () => {
  for (const event of [null, 1, "x", [], {}, { requestData: {} }])
    assert.equal(verdict(invoke({ event })), "InternalFailure");
});
