import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ConnectionOptions, connect } from "node:tls";
import { authority, replace } from "./certificates.ts";
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
  await said("Reloaded tokens and certificates");
  assert.equal(await subject(url), "second");
  // A key that is not the certificate's: half of a change, which the next look completes.
  replace(join(folder, "tls.key"), other.sign("third").key);
  look();
  await said("the old ones stay in use");
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
