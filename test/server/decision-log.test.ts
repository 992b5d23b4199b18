import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { loadEngine } from "../../src/core/engine/engine.ts";
import { createDecider } from "../../src/gate/decision.ts";
import { maskSecrets } from "../../src/hosts/server/telemetry/mask.ts";
import { mayContainSecret } from "../../src/hosts/server/telemetry/redact.ts";
import type { AnsweredRequest } from "../../src/hosts/server/telemetry/types.ts";
import { until } from "../until.ts";
import { built, opa, root, run, scratch } from "./bundle-support.ts";
import { decided, type Line, telling } from "./telemetry-support.ts";

const read = (path: string) => readFileSync(join(root, path));
const engine = loadEngine(read("bundles/policy.wasm"), JSON.parse(read("bundles/rules.json").toString()));
const decide = createDecider({
  check: { engine },
  failOnWarn: false,
  noFail: false,
  requireContent: false,
  failMode: "closed",
  revision: "r1",
  version: "0",
});

const linesOf = (text: string): Line[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const linesIn = (path: string): Line[] => linesOf(readFileSync(path, "utf8"));
const place = () => join(scratch(), "decisions.log");

/** Returns the decision log lines of these answers. */
async function lines(...answers: AnsweredRequest[]): Promise<Line[]> {
  const path = place();
  const { telemetry } = telling(path);
  for (const answer of answers) telemetry.recordRequest(answer);
  await telemetry.close();
  return linesIn(path);
}

test("a decision is a line in OPA's format", async () => {
  const answer = decided();
  assert.deepEqual(await lines(answer), [
    {
      labels: { id: "server-1", version: "1.2.3" },
      decision_id: answer.request.id,
      bundles: { keywarden: { revision: "r1" } },
      path: "keywarden/deny",
      input: { keys: [] },
      result: ["no"],
      requested_by: "10.0.0.7:4711",
      timestamp: "2026-11-25T10:00:00.123Z",
      metrics: { timer_server_handler_ns: 1500000 },
      custom: { protocol: "opa", outcome: "denied", status: 200 },
    },
  ]);
});

/** The fields of `EventV1` in v1/plugins/logs/plugin.go of OPA 1.22. */
const OPA = new Set(
  "labels decision_id trace_id span_id bundles path input result erased masked error requested_by timestamp metrics req_id custom".split(
    " ",
  ),
);

test("a line has only fields that OPA has, and a request without a decision has no line", async () => {
  const { decision: _, ...undecided } = decided();
  const told = await lines(
    decided(),
    undecided,
    decided({ input: undefined as unknown as object, outcome: "undecided" }),
  );
  assert.equal(told.length, 2);
  for (const line of told) for (const field of Object.keys(line)) assert.ok(OPA.has(field), field);
  assert.ok(!("input" in (told[1] ?? {})));
});

const plans = ["cross-account-without-root/plan.json", "default-key-policy/plan.json"];

for (const name of plans)
  test(
    `a decision on ${name} can be made again from its line, by OPA and the bundle of the rules`,
    built,
    async () => {
      const path = `examples/${name}`;
      const { report, document } = decide([{ path, text: read(path).toString(), named: true }]);
      const [line] = await lines(
        decided({ input: document, result: report.findings.map(({ message }) => message) }),
      );
      assert.equal(line?.masked, undefined);
      const input = join(scratch(), "input.json");
      writeFileSync(input, JSON.stringify(line?.input));
      const query = [
        "eval",
        "-b",
        "bundles/bundle.tar.gz",
        "-i",
        input,
        "-f",
        "raw",
        "data.kms.main.findings",
      ];
      const again = JSON.parse(run(opa, query)) as { rule: string; message: string }[];
      assert.deepEqual(
        again.map(({ rule, message }) => [rule, message]).sort(),
        report.findings.map(({ rule, message }) => [rule, message]).sort(),
      );
      assert.ok(name.startsWith("default") || again.length > 0);
    },
  );

const SECRET = "hunter2hunter2";
const entity = (more: object) => ({ keys: [{ id: "k", settings: {}, ...more }] });
const hidden: [string, object, string[]][] = [
  [
    "a password in a description",
    entity({ settings: { description: `the db, password: ${SECRET}` } }),
    ["/input/keys/0/settings/description"],
  ],
  [
    "a tag that is a secret by its name",
    entity({ settings: { tags: { "db/password": SECRET, team: "ledger" } } }),
    ["/input/keys/0/settings/tags/db~1password"],
  ],
  [
    "a token in an annotation",
    entity({ ignores: [{ value: { reason: `see https://me:${SECRET}@git.example.com` } }] }),
    ["/input/keys/0/ignores/0/value/reason"],
  ],
  [
    "a private key in a policy",
    { keys: [{}, { policy: { statements: [{ sid: `-----BEGIN PRIVATE KEY-----\n${SECRET}` }] } }] },
    ["/input/keys/1/policy/statements/0/sid"],
  ],
  ["an access key after a line's end", entity({ a: `x\nAKIAIOSFODNN7${"EXAMPLE"}` }), ["/input/keys/0/a"]],
];
for (const [what, input, pointers] of hidden)
  test(`${what} is masked, and the line names the masked path`, async () => {
    const before = JSON.stringify(input);
    const [line] = await lines(decided({ input }));
    assert.deepEqual(line?.masked, pointers);
    assert.ok(!JSON.stringify(line).includes(SECRET) && !JSON.stringify(line).includes("IOSFODNN"));
    assert.match(JSON.stringify(line?.input), /\[redacted\]/);
    assert.equal(JSON.stringify(input), before, "the decision itself is left alone");
  });

test("every masked string is recognized as suspicious in any position", () => {
  const secrets = [
    `Bearer ${SECRET}`,
    `basic\n${SECRET}`,
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2ln",
    "AKIAIOSFODNN7EXAMPLE",
    `ghp_${"a".repeat(36)}`,
    `glpat-${"a".repeat(20)}`,
    `xoxb-${"1".repeat(12)}`,
    `a.atlasv1.${"a".repeat(60)}`,
    `https://me:${SECRET}"'\\@example.com`,
    "-----BEGIN RSA PRIVATE KEY-----",
    ...[
      "password",
      "PASSWD",
      "Passphrase",
      "client_secret",
      "Token",
      "SIGNATURE",
      "apiKey",
      "access_key",
    ].flatMap((name) => [" = ", ":\n", "\n=\t", ": "].map((between) => `${name}${between}${SECRET}`)),
  ];
  for (const text of secrets) assert.equal(maskSecrets({ input: text }).pointers.length, 1, text);
  const around = fc.string({ unit: fc.constantFrom(...'a \n\t"\\/:=-\u2028é') });
  let found = 0;
  fc.assert(
    fc.property(around, fc.constantFrom(...secrets), around, (before, text, after) => {
      const event = { input: [`${before}${text}${after}`] };
      const { pointers } = maskSecrets(event);
      found += pointers.length;
      assert.ok(pointers.length === 0 || mayContainSecret(JSON.stringify(event)), JSON.stringify(event));
    }),
    { numRuns: 2000 },
  );
  assert.ok(found > 1000, `${found}`);
});

test("results are masked too", async () => {
  const [line] = await lines(decided({ result: { msg: [`token = ${SECRET}`] } }));
  assert.deepEqual(line?.masked, ["/result/msg/0"]);
});

// Quadratic time would take hours.
test("hostile strings are redacted in linear time", { timeout: 120_000 }, async () => {
  for (const part of ["-a", "-eyJaaaaaaaa", "a.atlasv1.", "secret ", "a://", "Bearer ", "-----BEGIN "])
    await lines(decided({ input: { a: `${part.repeat(200_000)} password=x` } }));
});

test("the line of a very large decision omits the input and the result, and lists both as erased", async () => {
  const [line] = await lines(decided({ input: { a: "x".repeat(9 * 1024 * 1024) } }));
  assert.deepEqual(line?.erased, ["/input", "/result"]);
  assert.ok(!("input" in (line ?? {})) && line?.decision_id);
});

test("the path - is standard output", async () => {
  const chunks: string[] = [];
  const stdout = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  const { telemetry } = telling("-", { stdout });
  telemetry.recordRequest(decided());
  await telemetry.close();
  assert.equal(linesOf(chunks.join("")).length, 1);
});

test("only the owner can read the file, and an existing file is appended to", async () => {
  const path = place();
  for (let i = 0; i < 2; i++) {
    const { telemetry } = telling(path);
    telemetry.recordRequest(decided());
    await telemetry.close();
  }
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(linesIn(path).length, 2);
});

test("many concurrent decisions are complete lines in order", async () => {
  const answers = Array.from({ length: 3000 }, () => decided({ input: { text: "ü".repeat(300) } }));
  const told = await lines(...answers);
  assert.deepEqual(
    told.map(({ decision_id }) => decision_id),
    answers.map(({ request }) => request.id),
  );
});

test("reopening creates a new file after the old one was moved", async () => {
  const path = place();
  const { telemetry } = telling(path);
  telemetry.recordRequest(decided());
  await until(() => existsSync(path) && readFileSync(path, "utf8").endsWith("\n"));
  renameSync(path, `${path}.1`);
  telemetry.reopenLogs();
  telemetry.recordRequest(decided());
  await telemetry.close();
  assert.deepEqual([linesIn(`${path}.1`).length, linesIn(path).length], [1, 1]);
});

const isRoot = process.getuid?.() === 0;
const failing: [string, () => string, string, (string | false)?][] = [
  ["a full disk", () => "/dev/full", "ENOSPC", !existsSync("/dev/full") && "/dev/full does not exist"],
  ["a missing directory", () => join(scratch(), "gone/decisions.log"), "ENOENT"],
  ["a directory at the path of the log", () => scratch(), "EISDIR"],
  [
    "a file without write permission",
    () => {
      const path = place();
      writeFileSync(path, "");
      chmodSync(path, 0o400);
      return path;
    },
    "EACCES",
    isRoot && "the root user can write every file",
  ],
];
for (const [what, path, reason, skip = false] of failing)
  test(`${what} stops no decision: it is logged once, and counted`, { skip }, async () => {
    const { telemetry, said, metric } = telling(path());
    for (let i = 0; i < 10; i++) telemetry.recordRequest(decided());
    await until(async () => (await metric('keywarden_log_failures_total{log="decisions"}')) >= 3);
    telemetry.recordRequest(decided());
    await telemetry.close();
    assert.deepEqual(
      said.map(({ level, reason }) => [level, reason]),
      [
        ["error", reason],
        ["error", "the server stopped"],
      ],
    );
    assert.equal(await metric("keywarden_decision_log_dropped_total"), 11);
  });

test("a broken pipe stops no decision", async () => {
  const stdout = new Writable({
    write(_, __, done) {
      done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  const { telemetry, said, metric } = telling("-", { stdout });
  telemetry.recordRequest(decided());
  await until(() => said.length > 0);
  telemetry.recordRequest(decided());
  await telemetry.close();
  assert.equal(said[0]?.reason, "EPIPE");
  assert.equal(await metric("keywarden_decision_log_dropped_total"), 2);
});

test("waiting lines are written as soon as the path is writable again, and this is logged", async () => {
  const folder = join(scratch(), "later");
  const path = join(folder, "decisions.log");
  const { telemetry, said } = telling(path, { level: "info" });
  // Probes are not logged at this level.
  for (let i = 0; i < 2; i++) telemetry.recordRequest({ ...decided(), protocol: "health" });
  await until(() => said.length === 1);
  mkdirSync(folder);
  await until(() => said.length === 2);
  assert.equal(linesIn(path).length, 2);
  await telemetry.close();
  assert.deepEqual(
    said.map(({ level, msg }) => [level, msg.split(";")[0]]),
    [
      ["error", "Cannot write the decision log"],
      ["info", "The decision log can be written again"],
    ],
  );
});

test("the queue is bounded: the oldest lines are dropped and counted", async () => {
  const path = join(scratch(), "gone/decisions.log");
  const { telemetry, metric, said } = telling(path, { maxBufferBytes: 20_000, retryDelayMs: 60_000 });
  const answers = Array.from({ length: 500 }, () => decided());
  for (const answer of answers) telemetry.recordRequest(answer);
  const dropped = await metric("keywarden_decision_log_dropped_total");
  assert.ok(dropped > 400 && dropped < 500, String(dropped));
  await until(() => said.length > 0);
  mkdirSync(join(path, ".."));
  await telemetry.close();
  const left = linesIn(path);
  // The first drop is logged at once, all others as a sum.
  const drops = said.filter(({ lost }) => lost !== undefined);
  assert.ok(drops.length === 2 && drops.every(({ reason }) => reason === "the buffer is full"));
  assert.equal(
    drops.reduce((sum, { lost = 0 }) => sum + lost, 0),
    dropped,
  );
  assert.equal(left.length, 500 - dropped);
  assert.equal(left.at(-1)?.decision_id, answers.at(-1)?.request.id);
});

for (const [url, reason] of [
  ["https://me:pass@logs.example.com", /must not contain a password/],
  ["https://logs.example.com/?key=1", /must not have a query/],
  ["http://[", /is not a URL/],
] as const)
  test(`${url} is rejected at startup`, () => {
    assert.throws(() => telling(url), reason);
  });
