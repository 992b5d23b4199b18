import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { until } from "../until.ts";
import { built, keys, signedBundle } from "./bundle-support.ts";
import { authority } from "./certificates.ts";
import { signatureOf } from "./hcp-terraform.ts";
import { description, speaks } from "./openapi-support.ts";
import { ask, metric, scratch, serve } from "./served.ts";
import { ackKey, admissionReview, endlessTemplate, openPolicy, read } from "./support.ts";

const admission = "/kubernetes/admission";
const review = (object: object) => JSON.stringify(admissionReview("CREATE", { object }));
const allow = "/v1/data/keywarden/allow";
const open = `{"input": ${openPolicy}}`;

/** A template whose decision takes seconds. */
const slow = JSON.stringify({
  Resources: Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [
      `Key${i}`,
      { Type: "AWS::KMS::Key", Properties: { KeyPolicy: JSON.parse(openPolicy) } },
    ]),
  ),
});

test("a running server answers every request as its OpenAPI description says", async () => {
  const folder = scratch();
  writeFileSync(join(folder, "hmac"), "the-key-of-the-run-task\n");
  const { url } = await serve(["--run-task-key-file", "hmac"], { cwd: folder });
  const asking: Parameters<typeof speaks>[0] = async (method, target, headers, body) => {
    const answer = await ask(url + target, { method, headers, ...(body === undefined ? {} : { body }) });
    return { ...answer, headers: answer.headers as { [name: string]: string } };
  };
  let examples = 0;
  for (const [path, methods] of Object.entries(description.paths))
    for (const method of Object.keys(methods).filter((name) => name !== "parameters"))
      examples += await speaks(asking, method.toUpperCase(), path);
  assert.ok(examples > 20, `${examples}`);
});

const running = (url: string) => metric(url, "keywarden_requests_running");

test("other requests do not wait for a decision that takes long", async () => {
  const { url, end } = await serve(["--workers", "2"]);
  let late: "pending" | "settled" = "pending";
  const settle = () => {
    late = "settled";
  };
  void ask(`${url}/check?path=template.json`, { body: endlessTemplate }).then(settle, settle);
  await until(async () => (await running(url)) === 1);
  const denied = await ask(url + admission, { body: review(ackKey({ policy: openPolicy })) });
  const quick = await ask(url + allow, { body: open });
  assert.equal(JSON.parse(denied.body).response.allowed, false);
  assert.equal(JSON.parse(quick.body).result, false);
  assert.equal(late, "pending");
  await end("SIGKILL");
});

test("a decision that takes too long is stopped and denied, and the server goes on deciding", async () => {
  const { url, log } = await serve(["--decision-timeout", "400ms", "--workers", "1"]);
  const late = await ask(`${url}/check?path=template.json`, { body: endlessTemplate });
  assert.equal(late.status, 503);
  assert.match(late.body, /The decision took longer than 0.4 s/);
  assert.match((await ask(`${url}/metrics`)).body, /^keywarden_events_total\{event="worker_stopped"\} 1$/m);
  await until(async () => (await ask(url + allow, { body: open })).status === 200);
  assert.deepEqual(
    log().filter(({ level }) => level === "error"),
    [],
  );
});

test("requests beyond the queue are rejected with a time to retry, and never allowed", async () => {
  const { url } = await serve(["--workers", "1", "--queue", "2"]);
  const body = review(ackKey({ policy: openPolicy }));
  const busy = ask(`${url}/check?path=template.json`, { body: slow });
  await until(async () => (await running(url)) === 1);
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(url + admission, { body })));
  const away = answers.filter(({ status }) => status === 429);
  assert.equal(away.length, 18);
  assert.ok(away.every(({ headers }) => headers["retry-after"] === "1"));
  for (const { body } of answers.filter(({ status }) => status === 200))
    assert.equal(JSON.parse(body).response.allowed, false);
  assert.equal((await ask(`${url}/ready`)).status, 200);
  await busy;
});

test("the decision log has OPA's format, and a full disk does not stop decisions", async () => {
  const { url, stdout } = await serve(["--decision-log", "-"]);
  await ask(url + allow, { body: open });
  await ask(url + admission, { body: review(ackKey({ policy: openPolicy })) });
  await until(() => stdout().split("\n").length === 3);
  const told = stdout()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    told.map(({ path, input }) => [path, input.keys.length]),
    [
      ["keywarden/allow", 1],
      ["kubernetes/admission", 1],
    ],
  );
  assert.ok(
    told.every(({ decision_id, timestamp, bundles }) => decision_id && timestamp && bundles.keywarden),
  );

  const full = await serve(["--decision-log", "/dev/full"]);
  for (let i = 0; i < 50; i++)
    assert.equal(JSON.parse((await ask(full.url + allow, { body: open })).body).result, false);
  await full.said("Cannot write the decision log");
  assert.match(
    (await ask(`${full.url}/metrics`)).body,
    /^keywarden_log_failures_total\{.*decisions.*\} [1-9]/m,
  );
});

test(
  "a server uses a signed bundle as soon as it is available, and refuses a forged one",
  built,
  async () => {
    const folder = scratch();
    const own = keys("ec");
    writeFileSync(join(folder, "public.pem"), own.publicKey);
    const quiet = join(folder, "quiet.json");
    writeFileSync(
      quiet,
      JSON.stringify({ keywarden: { settings: { short_deletion_window: { minimum: 30 } } } }),
    );
    const signed = signedBundle(own, "first", 1);
    const forged = signedBundle(keys("ec"), "forged", 2);
    let bundle: Buffer | undefined;
    const bundles = createHttpServer((_, response) => {
      response
        .writeHead(bundle === undefined ? 503 : 200, { "content-type": "application/gzip" })
        .end(bundle);
    });
    await new Promise<void>((resolve) => bundles.listen(0, "127.0.0.1", resolve));
    after(() => bundles.close().closeAllConnections());
    const source = `http://127.0.0.1:${(bundles.address() as AddressInfo).port}/bundle.tar.gz`;
    const pull = ["--bundle", source, "--bundle-key", "public.pem", "--bundle-interval", "100ms"];
    const { url, said } = await serve(pull, { cwd: folder });
    assert.equal((await ask(`${url}/ready`)).status, 503);
    assert.equal((await ask(url + allow, { body: open })).status, 429);
    const denied = await ask(url + admission, { body: review(ackKey({ policy: openPolicy })) });
    assert.doesNotMatch(denied.body, /"allowed":true/);
    bundle = signed;
    await said('"revision":"first"');
    assert.match((await ask(`${url}/ready`)).body, /"revision":"first"/);
    assert.equal(JSON.parse((await ask(url + allow, { body: open })).body).result, false);
    bundle = forged;
    await said("signature");
    assert.match((await ask(`${url}/ready`)).body, /"revision":"first"/);
  },
);

test("HCP Terraform gets an immediate answer, and the result later", async () => {
  const folder = scratch();
  const tls = authority(folder, "hcp");
  writeFileSync(join(folder, "hmac"), "the-key-of-the-run-task\n");
  const told: { authorization: string | undefined; body: string }[] = [];
  const plan = read("examples/cross-account-without-root/plan.json");
  const hcp = createServer(tls.sign("hcp"), (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "GET") return void response.end(plan);
      told.push({ authorization: request.headers.authorization, body: Buffer.concat(chunks).toString() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => hcp.listen(0, "127.0.0.1", resolve));
  after(() => hcp.close().closeAllConnections());
  const host = `127.0.0.1:${(hcp.address() as AddressInfo).port}`;
  const { url, end, log } = await serve(
    ["--run-task-key-file", "hmac", "--run-task-host", host, "--shutdown-delay", "0s"],
    { cwd: folder, env: { NODE_EXTRA_CA_CERTS: join(folder, "hcp.pem") } },
  );
  const body = JSON.stringify({
    payload_version: 1,
    stage: "post_plan",
    access_token: "a-token-that-nobody-may-see",
    capabilities: { outcomes: true },
    task_result_id: "taskrs-1",
    task_result_enforcement_level: "mandatory",
    task_result_callback_url: `https://${host}/callback`,
    run_id: "run-1",
    organization_name: "acme",
    workspace_name: "keys",
    plan_json_api_url: `https://${host}/plan`,
  });
  const signature = signatureOf(body, "the-key-of-the-run-task");
  const sent = (signature: string) =>
    ask(`${url}/run-task`, { body, headers: { "x-tfc-task-signature": signature } });
  assert.equal((await sent(signature.replace(/^./, (digit) => (digit === "0" ? "1" : "0")))).status, 401);
  assert.equal((await sent(signature)).status, 200);
  // A server that stops still sends the results of the runs that it accepted.
  assert.equal(await end(), 0);
  const results = told.map(({ body }) => JSON.parse(body).data.attributes.status);
  assert.equal(results.at(-1), "failed");
  assert.ok(told.every(({ authorization }) => authorization === "Bearer a-token-that-nobody-may-see"));
  assert.doesNotMatch(JSON.stringify(log()), /nobody-may-see/);
});
