import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlagValues } from "../../src/session/flags/values.ts";
import { serverOptions } from "../../src/session/server-options.ts";

const defaults = {
  address: { host: "127.0.0.1", port: 8181 },
  anonymous: [],
  failMode: "closed",
  workers: 4,
  maxQueued: 256,
  maxBodyBytes: 8 * 1024 * 1024,
  decisionTimeoutMs: 5000,
  shutdownDelayMs: 5000,
  logLevel: "info",
};

test("by default, the server listens locally and fails closed", () => {
  assert.deepEqual(serverOptions({}, 4), defaults);
});

const tls = { "tls-cert": "c.pem", "tls-key": "k.pem" };

const read: [string, FlagValues, object][] = [
  ["a port of this machine", { listen: "localhost:9000" }, { address: { host: "localhost", port: 9000 } }],
  ["IPv6", { listen: "[::1]:9000" }, { address: { host: "::1", port: 9000 } }],
  ["a socket", { listen: "unix:/run/k.sock" }, { address: { path: "/run/k.sock" } }],
  [
    "all addresses, for those with a token",
    { listen: ":8443", "token-file": "t" },
    { address: { host: "::", port: 8443 }, tokenFile: "t" },
  ],
  [
    "all addresses, for some paths",
    { listen: "0.0.0.0:8443", anonymous: ["/kubernetes/admission"] },
    { address: { host: "0.0.0.0", port: 8443 }, anonymous: ["/kubernetes/admission"] },
  ],
  [
    "certificates",
    { ...tls, "client-ca": "ca.pem" },
    { tls: { cert: "c.pem", key: "k.pem" }, clientCa: "ca.pem" },
  ],
  [
    "sizes and times",
    { "max-body": "512KiB", "decision-timeout": "1500ms" },
    { maxBodyBytes: 524288, decisionTimeoutMs: 1500 },
  ],
  ["no delay", { "shutdown-delay": "0s" }, { shutdownDelayMs: 0 }],
  ["the mode", { "fail-mode": "open" }, { failMode: "open" }],
  [
    "a bundle",
    { bundle: "https://example.com/b.tar.gz", "bundle-key": "k.pem", "bundle-interval": "2m" },
    {
      bundle: {
        url: "https://example.com/b.tar.gz",
        keyFile: "k.pem",
        intervalMs: 120_000,
        allowRollback: false,
      },
    },
  ],
  [
    "the state of bundles",
    { bundle: "https://example.com/b.tar.gz", "state-dir": "state", "bundle-allow-rollback": true },
    {
      bundle: {
        url: "https://example.com/b.tar.gz",
        stateDir: "state",
        intervalMs: 60_000,
        allowRollback: true,
      },
    },
  ],
  [
    "a run task, whose plans come from HashiCorp's hosts",
    { "run-task-key-file": "k" },
    { runTask: { keyFile: "k", hosts: ["app.terraform.io", "archivist.terraform.io"] } },
  ],
];
for (const [what, values, expected] of read)
  test(`valid options: ${what}`, () => {
    assert.deepEqual(serverOptions(values, 4), { ...defaults, ...expected });
  });

const wrong: [FlagValues, RegExp][] = [
  [{ listen: "8181" }, /--listen: "8181" is not an address\. Use HOST:PORT/],
  [{ listen: "127.0.0.1:70000" }, /is not an address/],
  [{ listen: "[127.0.0.1]:80" }, /is not an address/],
  [{ listen: "unix:" }, /is not an address/],
  [{ listen: "0.0.0.0:8181" }, /can be reached from other machines\. Set --token-file or --client-ca/],
  [{ listen: "keywarden.internal:8181" }, /can be reached from other machines/],
  [{ "tls-cert": "c.pem" }, /--tls-cert and --tls-key must be set together/],
  [{ "client-ca": "ca.pem" }, /--client-ca requires --tls-cert/],
  [{ "fail-mode": "ajar" }, /--fail-mode: "ajar" is not a mode\. Use closed or open\./],
  [{ "log-level": "loud" }, /--log-level: "loud" is not a level\. Use debug/],
  [{ anonymous: ["admission"] }, /--anonymous: "admission" is not a request path/],
  [{ workers: "0" }, /--workers: "0" is not an integer from 1/],
  [{ workers: "many" }, /--workers: "many" is not an integer/],
  [{ queue: "-1" }, /--queue: "-1" is not an integer/],
  [{ "max-body": "8" }, /--max-body: "8" is not a size/],
  [{ "max-body": "1000MiB" }, /is not a size up to 256MiB/],
  [{ "decision-timeout": "0s" }, /--decision-timeout: "0s" is not a duration/],
  [{ "decision-timeout": "2h" }, /--decision-timeout: "2h" is not a duration/],
  [
    { bundle: "http://example.com/b.tar.gz" },
    /--bundle: "http:\/\/example.com\/b.tar.gz" is not an https URL/,
  ],
  [{ bundle: "https://a:b@example.com/b" }, /--bundle: the URL must not contain a password/],
  [{ "bundle-key": "k.pem" }, /require --bundle/],
  [{ "state-dir": "state" }, /--bundle-allow-rollback and --state-dir require --bundle/],
  [{ "bundle-allow-rollback": true }, /require --bundle/],
  [{ "run-task-host": ["tfe.example.com"] }, /--run-task-host requires --run-task-key-file/],
];
for (const [values, message] of wrong)
  test(`invalid options: ${JSON.stringify(values)}`, () => {
    const said = serverOptions(values, 4);
    assert.equal(typeof said, "string");
    assert.match(said as string, message);
  });
