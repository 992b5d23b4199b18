import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlagValues } from "../../src/session/flags/values.ts";
import { serverOptions } from "../../src/session/server-options.ts";

const defaults = {
  address: { host: "127.0.0.1", port: 8181 },
  anonymous: [],
  failMode: "closed",
  requireContent: ["hooks", "run-task"],
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
  ["a limit for each client", { "max-concurrent": "20" }, { maxConcurrent: 20 }],
  ["no delay", { "shutdown-delay": "0s" }, { shutdownDelayMs: 0 }],
  [
    "content in some protocols",
    { "require-content": ["check", "opa"] },
    { requireContent: ["check", "opa"] },
  ],
  ["content in no protocol", { "require-content": ["none"] }, { requireContent: [] }],
  [
    "content in all protocols",
    { "require-content": ["all"] },
    {
      requireContent: [
        "check",
        "gatekeeper-external-data",
        "hooks",
        "kubernetes-admission",
        "opa",
        "run-task",
      ],
    },
  ],
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
const logUrl = "https://logs.example.com/opa";
read.push(
  ["a decision log in a file", { "decision-log": "d.log" }, { decisionLog: { destination: "d.log" } }],
  [
    "a decision log server with a token",
    { "decision-log": logUrl, "decision-log-token-file": "t" },
    { decisionLog: { destination: logUrl, tokenFile: "t" } },
  ],
  [
    "a decision log server on this machine, with a token",
    { "decision-log": "http://127.0.0.1:9000", "decision-log-token-file": "t" },
    { decisionLog: { destination: "http://127.0.0.1:9000", tokenFile: "t" } },
  ],
  [
    "headers for the decision log server",
    {
      "decision-log": logUrl,
      "decision-log-header": ["X-Scope-OrgID: payments", "Authorization:\tSplunk a:b, c "],
    },
    {
      decisionLog: {
        destination: logUrl,
        headers: { "x-scope-orgid": "payments", authorization: "Splunk a:b, c" },
      },
    },
  ],
);
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
  [
    { "require-content": ["runtask"] },
    /--require-content: "runtask" is not a protocol\. Use a list of check, .*, run-task; or only all or none\./,
  ],
  [{ "require-content": ["check", "all"] }, /"all" is not a protocol/],
  [{ "log-level": "loud" }, /--log-level: "loud" is not a level\. Use debug/],
  [{ anonymous: ["admission"] }, /--anonymous: "admission" is not a request path/],
  [{ workers: "0" }, /--workers: "0" is not an integer from 1/],
  [{ workers: "many" }, /--workers: "many" is not an integer/],
  [{ "max-concurrent": "0" }, /--max-concurrent: "0" is not an integer from 1/],
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
const header = (...lines: string[]) => ({ "decision-log": logUrl, "decision-log-header": lines });
wrong.push(
  [{ "decision-log-token-file": "t" }, /require the URL of a server in --decision-log/],
  [{ "decision-log": "-", "decision-log-token-file": "t" }, /require the URL of a server/],
  [{ "decision-log": "d.log", "decision-log-header": ["a: b"] }, /require the URL of a server/],
  [
    { "decision-log": "http://logs.example.com", "decision-log-token-file": "t" },
    /--decision-log-token-file: Keywarden does not send a token unencrypted\. Use an https URL/,
  ],
  [
    { ...header("Authorization: Splunk a"), "decision-log-token-file": "t" },
    /--decision-log-token-file and --decision-log-header both set authorization/,
  ],
  [header("a: b", "no header"), /--decision-log-header: header 2 is not a header\. Use 'NAME: VALUE'\./],
  [header("two words: b"), /header 1 is not a header/],
  [header(": b"), /header 1 is not a header/],
  [header("a:"), /the value of a is empty, too long, or has characters that are not printable ASCII/],
  [header("a: b\r\nc: d"), /the value of a is empty/],
  [header("a: ü"), /the value of a is empty/],
  [header("Content-Length: 3"), /content-length is set by Keywarden\. Remove it/],
  [header("A: b", "a: c"), /a is set twice/],
  [
    { "trusted-proxies": ["10.0.0.0/8", "proxy"] },
    /--trusted-proxies: "proxy" is not an address or a CIDR block/,
  ],
  [{ "trusted-proxies": ["::/0"] }, /--trusted-proxies: "::\/0" contains every address/],
);
test("error messages do not contain the value of a header", () => {
  for (const line of ["s3cr3t", "a: s3cr3t\n", "two words: s3cr3t", "host: s3cr3t"])
    assert.doesNotMatch(String(serverOptions(header(line), 4)), /s3cr3t/);
});

test("trusted proxies are addresses and CIDR blocks", () => {
  const options = serverOptions({ "trusted-proxies": ["10.0.0.0/8", "2001:db8::1"] }, 4);
  assert.ok(typeof options === "object");
  assert.deepEqual(options.trustedProxies?.rules.toSorted(), [
    "Subnet: IPv4 10.0.0.0/8",
    "Subnet: IPv6 2001:db8::1/128",
  ]);
});

for (const [values, message] of wrong)
  test(`invalid options: ${JSON.stringify(values)}`, () => {
    const said = serverOptions(values, 4);
    assert.equal(typeof said, "string");
    assert.match(said as string, message);
  });
