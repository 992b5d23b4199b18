import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import type { ProtocolRequest, ProtocolResponse } from "../../src/gate/protocol.ts";
import { runTaskProtocol, type TaskResult } from "../../src/gate/protocols/run-task/index.ts";
import {
  createRunTaskHandler,
  type RunInWorker,
  type RunTaskHandler,
  type RunTaskOptions,
} from "../../src/hosts/server/run-task/index.ts";
import type { AnsweredRequest, Telemetry } from "../../src/hosts/server/telemetry/types.ts";
import type { FailMode } from "../../src/session/server-options.ts";
import { until } from "../until.ts";
import { signatureOf } from "./hcp-terraform.ts";
import { decideBy, engine, read, root } from "./support.ts";

const KEY = "hmac key of the run task";
const TOKEN = "access.atlasv1.token";
const bad = read("examples/cross-account-without-root/plan.json");
const good = read("examples/default-key-policy/plan.json");

interface Asked {
  method: string;
  path: string;
  authorization: string | undefined;
  type: string | undefined;
  body: string;
}

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const servers: (() => void)[] = [];
after(() => {
  for (const close of servers) close();
});

/** Starts a local HTTP server that records its requests. */
async function listen(routes: { [route: string]: Reply }) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const { authorization, "content-type": type } = headers;
      asked.push({ method, path, authorization, type, body: Buffer.concat(chunks).toString() });
      const route = routes[`${method} ${path.split("?")[0]}`];
      if (route) route(request, response);
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  servers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, url: `http://${host}`, asked };
}

const say =
  (status: number, body: string | Buffer = "", headers: { [name: string]: string } = {}): Reply =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

/** Replies with one after the other, and keeps repeating the last one. */
function inTurn(...replies: Reply[]): Reply {
  let at = 0;
  return (request, response) => (replies[Math.min(at++, replies.length - 1)] as Reply)(request, response);
}

interface Setup {
  plan?: Reply;
  callback?: Reply;
  mode?: FailMode;
  ask?: RunInWorker;
  settings?: Partial<RunTaskOptions>;
}

/** Short pauses, but deadlines that no test reaches unless it sets them: requests are slow on a busy machine. */
const quick = {
  totalMs: 600_000,
  decisionMs: 600_000,
  planMs: 600_000,
  requestMs: 600_000,
  retryDelayMs: 5,
  progressIntervalMs: 600_000,
};

/** Starts a fake HCP Terraform and a run task that talks to it. */
async function setup({
  plan = say(200, bad),
  callback = say(200),
  mode = "closed",
  ask,
  settings = {},
}: Setup = {}) {
  const hcp = await listen({ "GET /plan": plan, "PATCH /callback": callback });
  const logged: unknown[] = [];
  const answered: AnsweredRequest[] = [];
  const events: string[] = [];
  const log = (fields: object, message: string) => void logged.push({ ...fields, message });
  const telemetry = {
    log: { debug: log, info: log, warn: log, error: log },
    recordRequest: (one: AnsweredRequest) => answered.push(one),
    count: (event: string) => events.push(event),
  } as unknown as Telemetry;
  const decide = decideBy({ failMode: mode });
  const inWorker: RunInWorker = async (protocol, request) => {
    assert.equal(protocol, runTaskProtocol.name);
    return runTaskProtocol.handle(request, decide);
  };
  const task = createRunTaskHandler(
    { key: () => KEY, hosts: [hcp.host], failMode: mode, insecure: true, timing: quick, ...settings },
    ask ?? inWorker,
    telemetry,
  );
  const results = () =>
    hcp.asked.filter(({ method }) => method === "PATCH").map(({ body }) => JSON.parse(body) as TaskResult);
  const final = () => results().filter(({ data }) => data.attributes.status !== "running");
  return { hcp, task, logged, answered, events, final, results };
}

const payload = (url: string, more: object = {}) => ({
  payload_version: 1,
  stage: "post_plan",
  access_token: TOKEN,
  capabilities: { outcomes: true },
  task_result_id: "taskrs-1",
  task_result_enforcement_level: "mandatory",
  task_result_callback_url: `${url}/callback`,
  plan_json_api_url: `${url}/plan`,
  run_id: "run-1",
  organization_name: "shop",
  workspace_name: "orders-prod",
  ...more,
});

const sign = (body: string, key = KEY) => signatureOf(body, key);

function requestOf(
  value: unknown,
  { signature, ...more }: Partial<ProtocolRequest> & { signature?: string } = {},
): ProtocolRequest {
  const body = typeof value === "string" ? value : JSON.stringify(value);
  return {
    id: "6a2f5c0e-0000-4000-8000-000000000000",
    method: "POST",
    path: "/v1/run-task",
    query: "",
    headers: { "x-tfc-task-signature": signature ?? sign(body) },
    body: Buffer.from(body),
    ...more,
  };
}

const settled = (task: RunTaskHandler): Promise<void> => until(() => task.running() === 0);

/** Returns the final result that HCP Terraform receives for a run. */
async function toldOf(options: Setup, more: object = {}): Promise<{ status: string; message: string }> {
  const { hcp, task, final } = await setup(options);
  assert.equal(task.handle(requestOf(payload(hcp.url, more))).status, 200);
  await settled(task);
  const [result, ...others] = final();
  assert.deepEqual(others, []);
  assert.ok(result);
  return result.data.attributes;
}

test("a plan is fetched with the run's token and checked, and the result is sent with the same token", async () => {
  const { hcp, task, answered, logged, final } = await setup();
  assert.deepEqual(task.handle(requestOf(payload(hcp.url))).status, 200);
  assert.equal(task.running(), 1);
  await settled(task);
  assert.deepEqual(
    hcp.asked.map(({ method, path, authorization, type }) => [method, path, authorization, type]),
    [
      ["GET", "/plan", `Bearer ${TOKEN}`, undefined],
      ["PATCH", "/callback", `Bearer ${TOKEN}`, "application/vnd.api+json"],
    ],
  );
  const { type, attributes, relationships } = (final()[0] as TaskResult).data;
  assert.equal(type, "task-results");
  assert.equal(attributes.status, "failed");
  assert.match(attributes.message, /^2 errors, 0 warnings, .*key_unmanageable/);
  const [first] = relationships?.outcomes.data ?? [];
  assert.equal(first?.type, "task-result-outcomes");
  assert.match(first.attributes["outcome-id"], /^[a-z_]+$/);
  assert.deepEqual(first.attributes.tags, {
    Status: [{ label: "Failed", level: "error" }],
    Severity: [{ label: "High", level: "error" }],
  });
  assert.match(first.attributes.body, /^- `aws_kms_key\.orders`: .*\*\*Why:\*\*.*\*\*Fix:\*\*/s);
  assert.match(first.attributes.url ?? "", /^https:/);
  const [one] = answered;
  assert.equal(one?.decision?.outcome, "denied");
  assert.doesNotMatch(JSON.stringify([answered, logged]), new RegExp(TOKEN));
});

const stages: [string, Setup, object, string, RegExp][] = [
  ["a good plan", { plan: say(200, good) }, {}, "passed", /^0 errors/],
  [
    "a plan without keys",
    { plan: say(200, '{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{}}') },
    {},
    "passed",
    /has no KMS/,
  ],
  ["pre-apply", { plan: say(200, good) }, { stage: "pre_apply" }, "passed", /^0 errors/],
  [
    "pre-plan",
    {},
    { stage: "pre_plan", plan_json_api_url: undefined },
    "failed",
    /Assign the run task to the stage post-plan/,
  ],
  [
    "pre-plan, fail mode open",
    { mode: "open" },
    { stage: "pre_plan", plan_json_api_url: null },
    "passed",
    /^NOT CHECKED: .*post-plan/,
  ],
  ["advisory", {}, { task_result_enforcement_level: "advisory" }, "failed", /^2 errors/],
  [
    "a plan that is no JSON",
    { plan: say(200, "{") },
    {},
    "failed",
    /could not decide and denies the request/,
  ],
  ["a plan that is no UTF-8", { plan: say(200, Buffer.from([0x7b, 0xff])) }, {}, "failed", /not UTF-8/],
  ["no plan, fail mode open", { plan: say(404), mode: "open" }, {}, "passed", /^NOT CHECKED: .*404/],
  [
    "a plan of another major version",
    { plan: say(200, good.replace(/"format_version":\s*"1\.\d+"/, '"format_version":"9.0"')) },
    {},
    "failed",
    /could not decide/,
  ],
  ["404", { plan: say(404) }, {}, "failed", /404/],
  [
    "5xx, then the plan",
    { plan: inTurn(say(502), say(503), say(429), say(204), say(200, good)) },
    {},
    "passed",
    /^0 errors/,
  ],
  [
    "a connection that breaks, then the plan",
    { plan: inTurn((request) => request.socket.destroy(), say(200, good)) },
    {},
    "passed",
    /^0 errors/,
  ],
  [
    "silence, then the plan",
    { plan: inTurn(() => {}, say(200, good)), settings: { timing: { ...quick, requestMs: 500 } } },
    {},
    "passed",
    /^0 errors/,
  ],
  [
    "5xx for ever",
    { plan: say(500), settings: { timing: { ...quick, planMs: 100 } } },
    {},
    "failed",
    /Cannot download the plan/,
  ],
  [
    "a plan that is too large",
    { plan: say(200, Buffer.alloc(5000, 32)), settings: { maxPlanBytes: 4000 } },
    {},
    "failed",
    /larger than 4000 bytes/,
  ],
  [
    "a redirect on the same host",
    { plan: inTurn(say(307, "", { location: "/plan" }), say(200, good)) },
    {},
    "passed",
    /^0 errors/,
  ],
  [
    "redirects for ever",
    { plan: say(307, "", { location: "/plan" }) },
    {},
    "failed",
    /redirects more than \d+ times/,
  ],
  [
    "a redirect to a file",
    { plan: say(307, "", { location: "file:///etc/passwd" }) },
    {},
    "failed",
    /Only https URLs are allowed/,
  ],
  ["a worker that fails", { ask: () => Promise.reject(new Error("broken")) }, {}, "failed", /broken/],
  [
    "a worker that says nothing",
    { ask: () => new Promise(() => {}), settings: { timing: { ...quick, decisionMs: 100 } } },
    {},
    "failed",
    /exceeded its time limit/,
  ],
  [
    "a plan elsewhere",
    {},
    { plan_json_api_url: "https://evil.example.com/plan" },
    "failed",
    /evil\.example\.com is not an allowed host/,
  ],
  [
    "a plan at an address",
    {},
    { plan_json_api_url: "https://169.254.169.254/latest" },
    "failed",
    /is not an allowed host/,
  ],
  [
    "a plan whose URL has a password",
    {},
    { plan_json_api_url: "https://a:b@app.terraform.io/plan" },
    "failed",
    /user name or password/,
  ],
];

for (const [name, options, more, status, message] of stages)
  test(`${name}: ${status}`, async () => {
    const told = await toldOf(options, more);
    assert.equal(told.status, status, told.message);
    assert.match(told.message, message);
  });

test("a redirect to another allowed host is followed without the token", async () => {
  const archivist = await listen({ "GET /object": say(200, good) });
  const plan = say(307, "", { location: `${archivist.url}/object?signature=s` });
  const foreign = await toldOf({ plan });
  assert.match(foreign.message, /is not an allowed host/);
  assert.deepEqual(archivist.asked, []);

  const hcp = await listen({ "GET /plan": plan, "PATCH /callback": say(200) });
  const { task } = await setup({ settings: { hosts: [hcp.host, archivist.host] } });
  task.handle(requestOf(payload(hcp.url)));
  await settled(task);
  assert.deepEqual(
    archivist.asked.map(({ path, authorization }) => [path, authorization]),
    [["/object?signature=s", undefined]],
  );
  assert.match(hcp.asked.at(-1)?.body ?? "", /"passed"/);
});

const signatures: [string, string | undefined, number][] = [
  ["of another key", sign("{}", "another key"), 401],
  ["of another body", sign("[]"), 401],
  ["that is empty", "", 401],
  ["that is too short", sign("{}").slice(2), 401],
  ["in capitals", sign("{}").toUpperCase(), 400],
];

for (const [name, signature = "", status] of signatures)
  test(`a signature ${name}: ${status}`, async () => {
    const { task, hcp, events } = await setup();
    assert.equal(task.handle(requestOf("{}", { signature })).status, status);
    assert.deepEqual([task.running(), hcp.asked, events], [0, [], ["request_refused"]]);
  });

test("a request without a signature is refused, and a run task without a key does not start", async () => {
  const { task, hcp } = await setup();
  assert.equal(task.handle(requestOf(payload(hcp.url), { headers: {} })).status, 401);
  await assert.rejects(() => setup({ settings: { key: () => "" } }), /no HMAC key/);
});

test("the verification request of HCP Terraform is accepted if its signature is valid", async () => {
  const { task, hcp } = await setup();
  const ping = { ...payload(hcp.url), access_token: "test-token" };
  assert.equal(task.handle(requestOf(ping)).status, 200);
  assert.equal(task.handle(requestOf(ping, { signature: "" })).status, 401);
  assert.deepEqual([task.running(), hcp.asked], [0, []]);
});

const refused: [string, object | string, number][] = [
  ["no JSON", "{", 400],
  ["a list", [], 400],
  ["another version", { payload_version: 2 }, 400],
  ["no token", { access_token: "" }, 400],
  ["a token that is no header", { access_token: "a\r\nhost: b" }, 400],
  ["no callback", { task_result_callback_url: null }, 400],
  ["a callback that is no URL", { task_result_callback_url: "callback" }, 400],
  ["a callback elsewhere", { task_result_callback_url: "https://evil.example.com/callback" }, 400],
  ["a callback without TLS", { task_result_callback_url: "http://app.terraform.io/callback" }, 400],
];

for (const [name, value, status] of refused)
  test(`${name} is refused`, async () => {
    const { task, hcp, logged } = await setup({ settings: {} });
    const body = typeof value === "string" || Array.isArray(value) ? value : payload(hcp.url, value);
    assert.equal(task.handle(requestOf(body)).status, status);
    assert.deepEqual([task.running(), hcp.asked], [0, []]);
    assert.doesNotMatch(JSON.stringify(logged), new RegExp(TOKEN));
  });

test("plain HTTP is refused unless the `insecure` option is set", async () => {
  const { task, hcp } = await setup({ settings: { insecure: false } });
  const answer = task.handle(requestOf(payload(hcp.url)));
  assert.deepEqual([answer.status, /Only https URLs are allowed/.test(answer.body)], [400, true]);
});

test("methods other than POST are refused", async () => {
  const { task, hcp } = await setup();
  assert.equal(task.handle(requestOf(payload(hcp.url), { method: "GET" })).status, 405);
});

test("a result is sent again until HCP Terraform accepts it", async () => {
  const callback = inTurn(
    say(500),
    say(429, "", { "retry-after": "0" }),
    (request) => request.socket.destroy(),
    say(204),
  );
  const { hcp, task, final, logged } = await setup({ callback });
  task.handle(requestOf(payload(hcp.url)));
  await settled(task);
  assert.equal(final().length, 4);
  assert.equal(new Set(final().map((result) => JSON.stringify(result))).size, 1);
  assert.match(JSON.stringify(logged), /Sent a run task result/);
});

test("a result that HCP Terraform rejects is logged, and not sent again", async () => {
  const { hcp, task, final, logged, answered } = await setup({ callback: say(422, '{"errors":[]}') });
  task.handle(requestOf(payload(hcp.url)));
  await settled(task);
  assert.equal(final().length, 1);
  assert.match(JSON.stringify(logged), /Cannot send a run task result.*|status 422/);
  assert.match(JSON.stringify(answered[0]?.decision?.result), /"sent":false/);
});

test("a long run sends progress updates, one at a time, and none after the result", async () => {
  let updates = 0;
  let open = 0;
  let most = 0;
  const plan: Reply = (_, response) => void until(() => updates >= 2).then(() => response.end(good));
  const callback: Reply = (_, response) => {
    most = Math.max(most, ++open);
    // Several updates are due before this one is answered.
    setTimeout(() => {
      open -= 1;
      updates += 1;
      response.end();
    }, 60);
  };
  const times = { ...quick, progressIntervalMs: 10 };
  const { hcp, task, results } = await setup({ plan, callback, settings: { timing: times } });
  task.handle(requestOf(payload(hcp.url)));
  await settled(task);
  const statuses = results().map(({ data }) => data.attributes.status);
  assert.equal(statuses.at(-1), "passed");
  assert.ok(
    statuses.length > 2 && statuses.slice(0, -1).every((status) => status === "running"),
    statuses.join(),
  );
  assert.equal(most, 1);
});

test("outcomes are left out if HCP Terraform does not support them", async () => {
  const { hcp, task, final } = await setup();
  task.handle(requestOf(payload(hcp.url, { capabilities: undefined })));
  await settled(task);
  assert.equal(final()[0]?.data.relationships, undefined);
});

test("a run that is requested twice is checked once; runs beyond the limit are told to retry", async () => {
  const { hcp, task, final } = await setup({
    plan: say(200, good),
    settings: { maxRuns: 2, maxConcurrentPlans: 1 },
  });
  const of = (id: string) => task.handle(requestOf(payload(hcp.url, { task_result_id: id })));
  assert.deepEqual([of("a").status, of("a").status, of("b").status], [200, 200, 200]);
  const third = of("c");
  assert.deepEqual([third.status, third.headers["retry-after"]], [503, "30"]);
  assert.deepEqual(
    [third.decision?.outcome, third.decision?.error?.code],
    ["undecided", "overloaded"],
    "counts in the alerts",
  );
  await settled(task);
  assert.equal(final().length, 2);
  assert.equal(of("c").status, 200);
  await settled(task);
});

test("the number of plans that are fetched at once is limited", async () => {
  const open: ServerResponse[] = [];
  let most = 0;
  const plan: Reply = (_, response) => {
    most = Math.max(most, open.push(response));
    if (open.length < 2) return;
    // A third request would arrive in this time.
    setTimeout(() => {
      for (const one of open.splice(0)) one.end(good);
    }, 20);
  };
  const { hcp, task, final } = await setup({ plan, settings: { maxConcurrentPlans: 2 } });
  for (let i = 0; i < 6; i++) task.handle(requestOf(payload(hcp.url, { task_result_id: `${i}` })));
  await settled(task);
  assert.deepEqual([most, final().length], [2, 6]);
});

for (const [mode, status, words] of [
  ["closed", "failed", /stopped before it could decide/],
  ["open", "passed", /^NOT CHECKED: .*stopped before it could decide/],
] as const)
  test(`runs that are undecided when the server stops are ${status} if the fail mode is ${mode}`, async () => {
    const { hcp, task, final } = await setup({
      plan: () => {},
      mode,
      settings: {
        maxConcurrentPlans: 1,
      },
    });
    for (const id of ["running", "waiting"]) task.handle(requestOf(payload(hcp.url, { task_result_id: id })));
    const closed = task.close(Date.now() + 50);
    assert.equal(task.handle(requestOf(payload(hcp.url, { task_result_id: "late" }))).status, 503);
    await closed;
    assert.equal(task.running(), 0);
    assert.equal(final().length, 2);
    for (const { data } of final()) {
      assert.equal(data.attributes.status, status);
      assert.match(data.attributes.message, words);
    }
  });

test("a server that stops waits for the runs that it can still decide", async () => {
  let closing = false;
  const { hcp, task, final } = await setup({
    plan: (_, response) => void until(() => closing).then(() => response.end(good)),
  });
  task.handle(requestOf(payload(hcp.url)));
  const closed = task.close(Date.now() + 600_000);
  closing = true;
  await closed;
  assert.equal(final()[0]?.data.attributes.status, "passed");
});

const post = (body: string, query = "organization=shop&workspace=orders&run=run-1"): ProtocolRequest => ({
  ...requestOf("{}"),
  query,
  body: Buffer.from(body),
});
const resultOf = ({ body }: ProtocolResponse) => JSON.parse(body) as TaskResult;

test("the protocol has no HTTP endpoint", () => {
  assert.equal(runTaskProtocol.matches("POST", "/v1/run-task"), false);
});

test("there are at most ten outcomes, which cover every finding", () => {
  const change = (i: number, statement: object, more: object = {}) => ({
    address: `aws_kms_key.k${i}`,
    mode: "managed",
    type: "aws_kms_key",
    name: `k${i}`,
    provider_name: "registry.terraform.io/hashicorp/aws",
    change: {
      actions: ["create"],
      before: null,
      after: {
        policy: JSON.stringify({ Version: "2008-10-17", Statement: [statement] }),
        is_enabled: false,
        deletion_window_in_days: 7,
        customer_master_key_spec: "SYMMETRIC_DEFAULT",
        bypass_policy_lockout_safety_check: true,
        multi_region: true,
        ...more,
      },
      after_unknown: {},
    },
  });
  const statements = [
    { Sid: "a", Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" },
    {
      Sid: "b",
      Effect: "Allow",
      NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" },
      NotAction: "kms:Decrypt",
      Resource: "*",
    },
    {
      Sid: "c",
      Effect: "Allow",
      Principal: { AWS: "AROAEXAMPLE0000000000" },
      Action: "kms:Decryptt",
      Resource: "key",
    },
    {
      Sid: "d",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::444455556666:root" },
      Action: ["kms:CreateGrant", "kms:ReplicateKey"],
      Resource: "*",
    },
  ];
  const plan = {
    format_version: "1.2",
    resource_changes: statements.map((s, i) => change(i, s)),
    configuration: {},
  };
  const decide = decideBy();
  const { data } = resultOf(runTaskProtocol.handle(post(JSON.stringify(plan)), decide));
  const outcomes = data.relationships?.outcomes.data ?? [];
  assert.equal(outcomes.length, 10);
  assert.ok(data.attributes.message.length <= 500);
  const all = outcomes.map(({ attributes }) => attributes.body + attributes["outcome-id"]).join("\n");
  const report = decide([{ path: "plan.json", text: JSON.stringify(plan), named: true }]).report;
  const failed = new Set(report.findings.filter((f) => f.verdict === "fail").map((f) => f.rule));
  assert.ok(failed.size > 10, `${failed.size} rules`);
  for (const rule of failed) assert.ok(all.includes(rule), rule);
  const severities = outcomes
    .flatMap(({ attributes }) => attributes.tags["Severity"] ?? [])
    .map(({ label }) => label);
  assert.deepEqual(
    severities,
    [...severities].sort(
      (a, b) => ["High", "Medium", "Low"].indexOf(a) - ["High", "Medium", "Low"].indexOf(b),
    ),
  );
});

test("an unknown verdict is an outcome that does not fail the run", () => {
  const plan = read("policies/kms/rules/rotation_disabled/examples/unknown.plan.json");
  const { data } = resultOf(runTaskProtocol.handle(post(plan), decideBy()));
  assert.equal(data.attributes.status, "passed");
  const unknown = data.relationships?.outcomes.data.find(
    ({ attributes }) => attributes["outcome-id"] === "unknown",
  );
  assert.deepEqual(unknown?.attributes.tags, { Status: [{ label: "Unknown", level: "info" }] });
  assert.match(unknown.attributes.body, /rotation_disabled/);
});

test("names in a plan are escaped in the Markdown for HCP Terraform", () => {
  const named = bad.replaceAll("aws_kms_key.orders", 'aws_kms_key.orders[\\"`<script>\\"]');
  const { data } = resultOf(runTaskProtocol.handle(post(named), decideBy()));
  const bodies = (data.relationships?.outcomes.data ?? [])
    .map(({ attributes }) => attributes.body)
    .join("\n");
  assert.match(bodies, /script/);
  for (const line of bodies.split("\n").filter((line) => line.includes("<script>")))
    assert.match(line, /`[^`]*<script>[^`]*`/);
});

test("config overrides match paths of the form organization/workspace", () => {
  const seen: string[] = [];
  const levels = ({ file }: { file: string }) => {
    seen.push(file);
    return "off" as const;
  };
  const quiet = decideBy({ levels });
  const { data } = resultOf(runTaskProtocol.handle(post(bad), quiet));
  assert.equal(data.attributes.status, "passed");
  assert.deepEqual([...new Set(seen)], ["shop/orders"]);
});

interface Expected {
  expect: { fail: { rule: string; address: string }[]; either?: unknown[] };
}

const cases = readdirSync(new URL("test/cases", `file://${root}`)).filter((name) =>
  existsSync(new URL(`test/cases/${name}/plan.json`, `file://${root}`)),
);

test("real plans have the expected outcomes", () => {
  const decide = decideBy();
  for (const name of cases) {
    const { expect } = JSON.parse(read(`test/cases/${name}/case.json`)) as Expected;
    const { data } = resultOf(runTaskProtocol.handle(post(read(`test/cases/${name}/plan.json`)), decide));
    const failed = (data.relationships?.outcomes.data ?? []).filter(
      ({ attributes }) => attributes.tags["Status"]?.[0]?.label === "Failed",
    );
    const rules = new Set(expect.fail.map(({ rule }) => rule));
    const serious = engine.rules.some(({ id, level }) => level === "error" && rules.has(id));
    assert.equal(data.attributes.status, serious ? "failed" : "passed", name);
    const bodies = failed.map(({ attributes }) => attributes.body).join("\n");
    for (const { address } of expect.fail) assert.ok(bodies.includes(address), `${name}: ${address}`);
    // Debatable findings are optional.
    if (expect.either === undefined) assert.equal(failed.length > 0, rules.size > 0, name);
  }
});
