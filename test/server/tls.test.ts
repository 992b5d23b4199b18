import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { Agent } from "node:https";
import { join } from "node:path";
import { test } from "node:test";
import { type ConnectionOptions, connect } from "node:tls";
import { until } from "../until.ts";
import { authority, type Certificate, replace } from "./certificates.ts";
import { ask, scratch, serve } from "./served.ts";

const folder = scratch();
const own = authority(folder, "own");
const other = authority(folder, "other");
const tls = ["--tls-cert", join(folder, "tls.pem"), "--tls-key", join(folder, "tls.key")];
const body = JSON.stringify({ input: {} });

function install({ cert, key }: { cert: Buffer; key: Buffer }): void {
  replace(join(folder, "tls.key"), key);
  replace(join(folder, "tls.pem"), cert);
}

const readPem = (name: string): Buffer => readFileSync(join(folder, `${name}.pem`));

/** The name in the certificate that the server shows. */
const subject = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(url);
    const socket = connect({ port: Number(port), host: "127.0.0.1", ca: own.ca }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once("error", reject);
  });

test("a certificate that is replaced under load is used for new connections, and no request fails", async () => {
  install(own.sign("first"));
  const { url, said, look } = await serve(tls);
  assert.match(url, /^https:/);
  assert.equal(await subject(url), "first");
  const statuses: number[] = [];
  let stopped = false;
  const clients = Array.from({ length: 4 }, async () => {
    while (!stopped)
      statuses.push((await ask(`${url}/check?path=x.json`, { body: "{}", ca: own.ca })).status);
  });
  install(own.sign("second"));
  look();
  await said("Reloaded the server certificate");
  assert.equal(await subject(url), "second");
  // A key that is not the certificate's: half of a change, which the next look completes.
  replace(join(folder, "tls.key"), other.sign("third").key);
  look();
  await said("the previous content stays in use");
  assert.equal(await subject(url), "second");
  stopped = true;
  await Promise.all(clients);
  assert.deepEqual([...new Set(statuses)], [200]);
});

test("if client certificates are required, only valid ones and health checks are accepted", async () => {
  install(own.sign("server"));
  writeFileSync(join(folder, "clients.pem"), own.ca);
  const { url } = await serve([...tls, "--client-ca", join(folder, "clients.pem")]);
  const path = `${url}/v1/data/keywarden/allow`;
  const status = async (credentials: object, at = path) =>
    (await ask(at, { body, ca: own.ca, agent: false, ...credentials })).status;
  assert.equal(await status({}), 401);
  assert.equal(await status(other.sign("stranger")), 401);
  assert.equal(await status(own.sign("pipeline")), 200);
  assert.equal((await ask(`${url}/ready`, { ca: own.ca, agent: false })).status, 200);
  const metrics = await ask(`${url}/metrics`, { ca: own.ca, agent: false, ...own.sign("pipeline") });
  for (const name of ["server", "client_ca"]) {
    const pattern = new RegExp(
      `^keywarden_certificate_expiry_timestamp_seconds\\{certificate="${name}"\\} (\\d+)`,
      "m",
    );
    const hours = (Number(pattern.exec(metrics.body)?.[1]) - Date.now() / 1000) / 3600;
    assert.ok(hours > 24 && hours <= 48, `${name}: ${hours}`);
  }
});

/** The status of a request on a connection of its own, and the sessions that the server offers for the next one. */
const connected = (
  url: string,
  options: ConnectionOptions,
): Promise<{ status: string; sessions: Buffer[] }> =>
  new Promise((resolve, reject) => {
    const sessions: Buffer[] = [];
    let answer = "";
    const socket = connect(
      { port: Number(new URL(url).port), host: "127.0.0.1", ca: own.ca, ...options },
      () =>
        socket.write(
          `POST /v1/data HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        ),
    );
    socket.on("session", (session) => sessions.push(session));
    socket.on("data", (chunk) => (answer += chunk));
    socket.once("error", reject);
    socket.once("close", () => resolve({ status: answer.slice(9, 12), sessions }));
  });

for (const version of ["TLSv1.2", "TLSv1.3"] as const)
  test(`a resumed ${version} session does not replace a certificate`, async () => {
    install(own.sign("server"));
    writeFileSync(join(folder, "clients.pem"), own.ca);
    const { url } = await serve([...tls, "--client-ca", join(folder, "clients.pem")]);
    const how = { minVersion: version, maxVersion: version };
    for (const credentials of [{}, own.sign("pipeline")]) {
      const { status, sessions } = await connected(url, { ...how, ...credentials });
      assert.equal(status, "cert" in credentials ? "200" : "401");
      for (const session of sessions) assert.equal((await connected(url, { ...how, session })).status, "401");
    }
  });

test("a connection loses access when its authority or its token is revoked, and keeps it otherwise", async () => {
  install(own.sign("server"));
  const [before, after] = [authority(folder, "before"), authority(folder, "after")];
  const path = (name: string) => join(folder, name);
  writeFileSync(path("authorities.pem"), Buffer.concat([before.ca, other.ca]));
  writeFileSync(path("tokens"), "a-token-that-is-revoked\na-token-that-is-kept\n");
  const mtls = ["--client-ca", path("authorities.pem"), "--token-file", path("tokens")];
  const { url, said, look } = await serve([...tls, ...mtls]);
  // Each client has one connection that stays open.
  const client = (certificate: Certificate, token: string) => {
    const agent = new Agent({ ...certificate, ca: own.ca, keepAlive: true, maxSockets: 1 });
    return async () => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await ask(`${url}/v1/data/keywarden/allow`, { body, headers, agent });
      return status;
    };
  };
  const below = before.intermediate("below").sign("pipeline-3");
  const chained = { ...below, cert: Buffer.concat([below.cert, readPem("below")]) };
  const clients = {
    revokedAuthority: client(before.sign("pipeline-1"), "a-token-that-is-kept"),
    revokedByChain: client(chained, "a-token-that-is-kept"),
    revokedToken: client(other.sign("pipeline-2"), "a-token-that-is-revoked"),
    kept: client(other.sign("pipeline-2"), "a-token-that-is-kept"),
  };
  const statuses = async () =>
    Object.fromEntries(
      await Promise.all(Object.entries(clients).map(async ([name, send]) => [name, await send()])),
    );
  const all = { revokedAuthority: 200, revokedByChain: 200, revokedToken: 200, kept: 200 };
  assert.deepEqual(await statuses(), all);
  // An additional authority changes nothing for clients of the others.
  replace(path("authorities.pem"), Buffer.concat([after.ca, before.ca, other.ca]));
  look();
  await said("Reloaded the client CA");
  assert.deepEqual(await statuses(), all);
  // A broken certificate does not keep a revoked token or authority alive.
  replace(path("tls.pem"), Buffer.from("broken"));
  replace(path("authorities.pem"), Buffer.concat([after.ca, other.ca]));
  replace(path("tokens"), Buffer.from("a-token-that-is-kept\n"));
  look();
  await said("Cannot reload the server certificate");
  const revoked = { revokedAuthority: 401, revokedByChain: 401, revokedToken: 401, kept: 200 };
  assert.deepEqual(await statuses(), revoked);
  assert.equal(await client(after.sign("pipeline-4"), "a-token-that-is-kept")(), 200);
});

test("a volume of Kubernetes, whose files change with one symbolic link, is reloaded without a signal", async () => {
  const volume = join(folder, "volume");
  const publish = (revision: string, { cert, key }: Certificate) => {
    mkdirSync(join(volume, revision), { recursive: true });
    writeFileSync(join(volume, revision, "tls.crt"), cert);
    writeFileSync(join(volume, revision, "tls.key"), key);
    symlinkSync(revision, join(volume, "..data_tmp"));
    renameSync(join(volume, "..data_tmp"), join(volume, "..data"));
  };
  publish("..2026_11_30_1", own.sign("first"));
  for (const name of ["tls.crt", "tls.key"]) symlinkSync(join("..data", name), join(volume, name));
  const files = ["--tls-cert", join(volume, "tls.crt"), "--tls-key", join(volume, "tls.key")];
  const { url, log } = await serve(files);
  assert.equal(await subject(url), "first");
  publish("..2026_11_30_2", own.sign("second"));
  rmSync(join(volume, "..2026_11_30_1"), { recursive: true });
  await until(async () => (await subject(url)) === "second");
  assert.deepEqual(
    log().filter(({ level }) => level === "error"),
    [],
  );
});
