import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { ADMISSION_PATH } from "../../src/gate/protocols/admission.ts";
import { until } from "../until.ts";
import { built, bundleServer, keys, signedBundle, unsignedBundle } from "./bundle-support.ts";
import { authority, replace } from "./certificates.ts";
import { logServer } from "./log-server.ts";
import {
  alertRules,
  assertFiring,
  type Scrape,
  scrape,
  sumOf,
  together,
  withPrometheus,
} from "./prometheus.ts";
import { ask, scratch, serveInTest } from "./served.ts";
import {
  ackKey,
  admissionReview,
  endlessTemplate,
  everyone,
  goodPolicy,
  openPolicy,
  ownPolicy,
} from "./support.ts";

const check = (url: string, body: string, options: object = {}) =>
  ask(`${url}/check?path=policy.json`, { body, agent: false, ...options });

/** Scrapes a server as soon as a condition holds. */
async function scrapeWhen(
  url: string,
  condition: (scraped: Scrape) => boolean,
  options = {},
): Promise<Scrape> {
  let scraped = await scrape(url, options);
  await until(async () => {
    if (condition(scraped)) return true;
    scraped = await scrape(url, options);
    return false;
  });
  return scraped;
}

/** Sends a webhook request about a new object. */
const admit = (url: string, object: { [field: string]: unknown }) =>
  ask(`${url}${ADMISSION_PATH}`, {
    body: JSON.stringify(admissionReview("CREATE", { object })),
    agent: false,
  });

const eventCount = (scraped: Scrape, event: string) => sumOf(scraped, "keywarden_events_total", { event });

test("every alert has a severity, a description, a waiting time and a page", () => {
  for (const { alert, for: duration, labels, annotations } of alertRules) {
    const page = `docs/server/alerts/${alert.replace(/(?<!^)(?=[A-Z])/g, "-").toLowerCase()}.md`;
    assert.match(duration, /^\d+m$/, alert);
    assert.match(labels["severity"] ?? "", /^(critical|warning)$/, alert);
    assert.deepEqual(Object.keys(annotations), ["summary", "description", "runbook_url"], alert);
    assert.equal(annotations["runbook_url"], `https://github.com/keywarden/keywarden/blob/main/${page}`);
  }
});

test(
  "no alert fires for a healthy server: TLS, a bundle server, a log server, and requests",
  withPrometheus,
  async () => {
    const folder = scratch();
    const { ca, sign } = authority(folder, "own", 90);
    const { cert, key } = sign("server");
    writeFileSync(join(folder, "tls.pem"), cert);
    writeFileSync(join(folder, "tls.key"), key);
    const { url: bundle, asked } = await bundleServer(unsignedBundle("first"));
    const logs = await logServer();
    const { url } = await serveInTest(
      [
        ...["--tls-cert", "tls.pem", "--tls-key", "tls.key", "--decision-log", logs.url],
        ...["--bundle", bundle, "--bundle-interval", "100ms"],
      ],
      { cwd: folder },
    );
    await until(async () => (await ask(`${url}/ready`, { ca })).status === 200);
    const scrapes: Scrape[] = [];
    for (let minute = 0; minute < 30; minute++) {
      const { length } = asked;
      assert.equal((await check(url, goodPolicy, { ca })).status, 200);
      assert.equal((await check(url, openPolicy, { ca })).status, 200);
      await until(() => asked.length > length + 1);
      scrapes.push(await scrape(url, { ca }));
    }
    assertFiring(scrapes, []);
  },
);

test("KeywardenDown fires if the server is killed", withPrometheus, async () => {
  const { url, end } = await serveInTest();
  const before = await scrape(url);
  await end("SIGKILL");
  assertFiring([before, await scrape(url)], ["KeywardenDown"], { step: 5, hold: 6 });
});

test(
  "KeywardenDown fires if the server has no rules, because the bundle server is down from the start",
  withPrometheus,
  async () => {
    const { url } = await serveInTest([
      "--bundle",
      "http://127.0.0.1:1/bundle.tar.gz",
      "--bundle-interval",
      "100ms",
    ]);
    const before = await scrape(url);
    for (let i = 0; i < 5; i++) assert.equal((await check(url, goodPolicy)).status, 429);
    const after = await scrapeWhen(url, (scraped) => eventCount(scraped, "bundle_failed") > 0);
    // The last success was never, so the bundle counts as stale too.
    assertFiring(
      [before, after],
      ["KeywardenBundleStale", "KeywardenDown", "KeywardenTooManyRequests", "KeywardenUndecided"],
      { step: 3, hold: 8 },
    );
  },
);

test("KeywardenUndecided fires if inputs can't be read", withPrometheus, async () => {
  const { url } = await serveInTest();
  await check(url, goodPolicy);
  const before = await scrape(url);
  assert.equal((await check(url, '{"Statement":')).status, 422);
  assertFiring([before, await scrape(url)], ["KeywardenUndecided"], { step: 5, hold: 8 });
});

const slowPolicy = ownPolicy(...Array<object>(1000).fill(everyone("All")));
for (const [name, timeout, status, send] of [
  ["a decision takes too long", "300ms", 503, (url: string) => check(url, endlessTemplate)],
  [
    "admission requests time out, although their responses have the status 200",
    "1ms",
    200,
    (url: string) => admit(url, ackKey({ policy: slowPolicy })),
  ],
] as const)
  test(`KeywardenWorkersFailing and KeywardenServerErrors fire if ${name}`, withPrometheus, async () => {
    const { url } = await serveInTest(["--decision-timeout", timeout, "--workers", "1"]);
    const before = await scrape(url);
    assert.equal((await send(url)).status, status);
    const after = await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_workers") === 1);
    assertFiring(
      [before, after],
      ["KeywardenServerErrors", "KeywardenUndecided", "KeywardenWorkersFailing"],
      { step: 5, hold: 8 },
    );
  });

test(
  "KeywardenTooManyRequests fires if admission requests are rejected, and many other requests are not",
  withPrometheus,
  async () => {
    const { url } = await serveInTest(["--workers", "1", "--queue", "0"]);
    for (let i = 0; i < 30; i++) await check(url, goodPolicy);
    const before = await scrape(url);
    for (let i = 0; i < 30; i++) await check(url, goodPolicy);
    check(url, endlessTemplate).catch(() => "the server is killed below");
    await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_requests_running") === 1);
    assert.equal((await admit(url, ackKey({ policy: goodPolicy }))).status, 429);
    assertFiring([before, await scrape(url)], ["KeywardenTooManyRequests", "KeywardenUndecided"], {
      step: 5,
      hold: 8,
    });
  },
);

test("no alert about failures fires if clients disconnect", withPrometheus, async () => {
  const { url } = await serveInTest(["--workers", "1"]);
  for (let i = 0; i < 30; i++) await check(url, goodPolicy);
  const before = await scrape(url);
  for (let i = 0; i < 30; i++) await check(url, goodPolicy);
  check(url, endlessTemplate).catch(() => "the server is killed below");
  await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_requests_running") === 1);
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(
    `POST /check HTTP/1.1\r\nhost: x\r\ncontent-length: ${goodPolicy.length}\r\n\r\n${goodPolicy}`,
  );
  await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_requests_waiting") === 1);
  socket.destroy();
  const reason = "disconnected";
  const last = await scrapeWhen(
    url,
    (scraped) => sumOf(scraped, "keywarden_request_failures_total", { reason }) === 1,
  );
  assertFiring([before, last], [], { step: 5, hold: 8 });
});

test(
  "KeywardenTooManyRequests fires if the queue is full, and KeywardenQueueLong if requests keep waiting",
  withPrometheus,
  async () => {
    const { url, end } = await serveInTest(["--workers", "1", "--queue", "20"]);
    after(() => end("SIGKILL"));
    const before = await scrape(url);
    const statuses: number[] = [];
    const send = (body: string) =>
      check(url, body).then(
        ({ status }) => statuses.push(status),
        () => "the server is killed below",
      );
    void send(endlessTemplate);
    await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_requests_running") === 1);
    for (let i = 0; i < 24; i++) void send(goodPolicy);
    const full = await scrapeWhen(url, () => statuses.length === 4);
    assert.deepEqual([sumOf(full, "keywarden_requests_waiting"), ...new Set(statuses)], [20, 429]);
    assertFiring([before, full], ["KeywardenQueueLong", "KeywardenTooManyRequests", "KeywardenUndecided"], {
      step: 5,
      hold: 9,
    });
    await end("SIGKILL");
  },
);

test("KeywardenLogFailing fires if the disk of the decision log is full", withPrometheus, async () => {
  const { url } = await serveInTest(["--decision-log", "/dev/full"]);
  const scrapes = [await scrape(url)];
  await check(url, goodPolicy);
  for (let failures = 1; failures <= 4; failures++)
    scrapes.push(
      await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_log_failures_total") >= failures),
    );
  assertFiring(scrapes, ["KeywardenLogFailing"], { step: 4, hold: 4 });
});

test(
  "KeywardenLogFailing fires if the log server is down, and not for a single failure",
  withPrometheus,
  async () => {
    let isDown = false;
    const logs = await logServer(() => (isDown ? "closes" : 200));
    const { url } = await serveInTest(["--decision-log", logs.url]);
    const scrapes = [await scrape(url)];
    isDown = true;
    await check(url, goodPolicy);
    for (let failures = 1; failures <= 4; failures++)
      scrapes.push(
        await scrapeWhen(url, (scraped) => sumOf(scraped, "keywarden_log_failures_total") >= failures),
      );
    assertFiring(scrapes, ["KeywardenLogFailing"], { step: 4, hold: 4 });
    assertFiring(scrapes.slice(0, 2), [], { step: 4, hold: 20 });
  },
);

test(
  "KeywardenDecisionsDropped fires if the log server rejects a decision as too large",
  withPrometheus,
  async () => {
    const logs = await logServer(() => 413);
    const { url } = await serveInTest(["--decision-log", logs.url]);
    const before = await scrape(url);
    await check(url, goodPolicy);
    const after = await scrapeWhen(
      url,
      (scraped) => sumOf(scraped, "keywarden_decision_log_dropped_total") === 1,
    );
    assertFiring([before, after], ["KeywardenDecisionsDropped"], { step: 5, hold: 5 });
  },
);

for (const [what, file, content, args] of [
  ["token file", "tokens", "short\n", ["--token-file", "tokens", "--anonymous", "/metrics"]],
  ["config", "keywarden.config.yaml", "levels: {no_such_rule: error}\n", []],
] as const)
  test(`KeywardenReloadFailed fires if a changed ${what} is not valid`, withPrometheus, async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, file), file === "tokens" ? "a-token-of-the-pipeline\n" : "levels: {}\n");
    const { url, look } = await serveInTest([...args], { cwd });
    const before = await scrape(url);
    replace(join(cwd, file), Buffer.from(content));
    look();
    const after = await scrapeWhen(url, (scraped) => eventCount(scraped, "reload_failed") > 0);
    assertFiring([before, after], ["KeywardenReloadFailed"], { step: 5, hold: 5 });
  });

test(
  "KeywardenBundleStale fires if the bundle server is down, and the rules stay in use",
  withPrometheus,
  async () => {
    const { url: bundle, state } = await bundleServer(unsignedBundle("first"));
    const { url } = await serveInTest(["--bundle", bundle, "--bundle-interval", "100ms"]);
    await until(async () => (await ask(`${url}/ready`)).status === 200);
    const before = await scrape(url);
    state.status = 503;
    const after = await scrapeWhen(url, (scraped) => eventCount(scraped, "bundle_failed") > 1);
    assert.equal((await check(url, goodPolicy)).status, 200);
    assertFiring([before, after], ["KeywardenBundleStale"], { step: 5, hold: 20 });
  },
);

test("KeywardenBundleRollbackRefused fires if the bundle server offers an older revision", {
  ...withPrometheus,
  ...built,
}, async () => {
  const cwd = scratch();
  const key = keys("rsa");
  writeFileSync(join(cwd, "bundle.pub"), key.publicKey);
  const [older, newer] = [1, 2].map((sequence) => signedBundle(key, `r${sequence}`, sequence));
  const { url: bundle, state } = await bundleServer(newer as Buffer);
  const { url } = await serveInTest(
    ["--bundle", bundle, "--bundle-key", "bundle.pub", "--bundle-interval", "100ms", "--state-dir", "."],
    { cwd },
  );
  await until(async () => (await ask(`${url}/ready`)).status === 200);
  const before = await scrape(url);
  Object.assign(state, { bytes: older, etag: '"older"' });
  const after = await scrapeWhen(url, (scraped) => eventCount(scraped, "bundle_rollback_refused") > 0);
  assertFiring([before, after], ["KeywardenBundleRollbackRefused"], { step: 5, hold: 5 });
});

test(
  "KeywardenCertificateExpiring fires two weeks before the server certificate expires",
  withPrometheus,
  async () => {
    const folder = scratch();
    const scrapeWith = async (days: number) => {
      const { ca, sign } = authority(folder, `own-${days}`, days);
      const { cert, key } = sign("server");
      writeFileSync(join(folder, "tls.pem"), cert);
      writeFileSync(join(folder, "tls.key"), key);
      const { url, end } = await serveInTest(["--tls-cert", "tls.pem", "--tls-key", "tls.key"], {
        cwd: folder,
      });
      const scraped = await scrape(url, { ca });
      await end("SIGKILL");
      return scraped;
    };
    assertFiring([await scrapeWith(15)], [], { hold: 30 });
    assertFiring([await scrapeWith(13)], ["KeywardenCertificateExpiring"], { hold: 30 });
  },
);

test(
  "KeywardenRevisionsDiffer fires if a server keeps its rules while the others get new ones",
  withPrometheus,
  async () => {
    const { url: bundle } = await bundleServer(unsignedBundle("newer"));
    const [one, other] = await Promise.all([
      serveInTest(),
      serveInTest(["--bundle", bundle, "--bundle-interval", "100ms"]),
    ]);
    await until(async () => (await ask(`${other.url}/ready`)).status === 200);
    const old = await scrape(one.url, { instance: "server-1" });
    assertFiring([together(old, await scrape(one.url, { instance: "server-2" }))], [], { hold: 20 });
    assertFiring(
      [together(old, await scrape(other.url, { instance: "server-2" }))],
      ["KeywardenRevisionsDiffer"],
      { hold: 20 },
    );
  },
);
