import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { validityWarnings } from "../../src/hosts/server/secrets/certificates.ts";
import { readSecrets } from "../../src/hosts/server/secrets/index.ts";
import { SecretFileError } from "../../src/hosts/server/secrets/secret.ts";
import { reloadChanged, watchSecrets } from "../../src/hosts/server/secrets/watch.ts";
import { createLogger } from "../../src/hosts/server/telemetry/log.ts";
import { keys } from "./bundle-support.ts";
import { authority, replace } from "./certificates.ts";
import { scratch } from "./served.ts";

const own = authority(scratch(), "own");
const first = own.sign("first");
const second = own.sign("second");
const bundleKeys = [keys("ec"), keys("rsa")];
const encryptedKey = execFileSync("openssl", ["pkey", "-aes256", "-passout", "pass:test"], {
  input: first.key,
});

/** Writes secret files with names that look like secrets, as `/run/secrets` has them. */
function written(content: { [file: string]: string | Buffer } = {}) {
  const folder = join(scratch(), "run/secrets");
  mkdirSync(folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  const files = {
    token: "the-first-token-of-all\n",
    "tls.crt": first.cert,
    "api-key": first.key,
    secret: own.ca,
    signature: bundleKeys[0]?.publicKey ?? "",
    password: "token-of-the-bundle-server\n",
    access_key: "key-of-the-run-task\n",
    credential: "token-of-the-log-server\n",
    ...content,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  const options = {
    tokenFile: path("token"),
    tls: { cert: path("tls.crt"), key: path("api-key") },
    clientCa: path("secret"),
    bundle: {
      url: "https://bundles.example.com/b",
      intervalMs: 1000,
      allowRollback: false,
      keyFile: path("signature"),
      tokenFile: path("password"),
    },
    runTask: { keyFile: path("access_key"), hosts: [] },
    decisionLog: { destination: "https://logs.example.com/opa", tokenFile: path("credential") },
  };
  return { path, options };
}

/** Watches secrets with the logger of the server, whose redaction must leave reasons readable. */
function watched(options: ReturnType<typeof written>["options"]) {
  const text: string[] = [];
  const events: string[] = [];
  const expiry = new Map<string, Date>();
  const secrets = readSecrets(options);
  const { reload, stop } = watchSecrets(secrets, {
    log: createLogger((line) => text.push(line), "debug"),
    count: (event) => void events.push(event),
    setCertificateExpiry: (name, time) => void expiry.set(name, time),
  });
  const log = () => text.map((line) => JSON.parse(line) as { [field: string]: unknown });
  return { secrets, reload, stop, log, events, expiry };
}

type Broken = [what: string, file: string, content: string | Buffer | undefined, reason: RegExp];
const notThere = /^The file or directory does not exist\. Check the path/;
const half = (content: Buffer) => content.subarray(0, 200);
const broken: Broken[] = [
  ["a token file that is missing", "token", undefined, notThere],
  ["an empty token file", "token", "", /^The file is empty\.$/],
  ["a token file with comments only", "token", "# none yet\n", /^The file has no tokens\. Write one/],
  ["a token file that is cut off", "token", "the-first-token-of-all\nthe-sec", /^Token 2 has fewer than 16/],
  ["a certificate that is missing", "tls.crt", undefined, notThere],
  ["an empty certificate", "tls.crt", "", /^The file is empty\.$/],
  ["a certificate that is no PEM", "tls.crt", "cert", /^The file has no certificate in PEM format\.$/],
  ["half a certificate", "tls.crt", half(second.cert), /^The file is incomplete\. A certificate has no end/],
  [
    "a certificate that is damaged",
    "tls.crt",
    second.cert.toString().replace(/\nM.{40}/, "\nMIIB"),
    /^Certificate 1 in the file is not valid\. OpenSSL reports "error:[^"]+"\.$/,
  ],
  [
    "a certificate of another key",
    "tls.crt",
    second.cert,
    /^The certificate does not belong to the private key in ".*\/run\/secrets\/api-key"\. Replace both files\.$/,
  ],
  ["a private key that is missing", "api-key", undefined, notThere],
  ["an empty private key", "api-key", "", /^The file is empty\.$/],
  [
    "half a private key",
    "api-key",
    half(second.key),
    /^The file has no complete private key in PEM format\. OpenSSL reports "error:[^"]+"\.$/,
  ],
  ["an encrypted private key", "api-key", encryptedKey, /^The private key is encrypted\. Store it without/],
  ["a client CA that is missing", "secret", undefined, notThere],
  ["an empty client CA", "secret", "", /^The file is empty\.$/],
  ["a client CA that is no PEM", "secret", "ca", /^The file has no certificate in PEM format\.$/],
  ["half a client CA", "secret", Buffer.concat([own.ca, half(own.ca)]), /^The file is incomplete/],
  ["a bundle key that is missing", "signature", undefined, notThere],
  ["a bundle key that is private", "signature", first.key, /^The bundle key is a private key/],
  ["a bundle key that is no PEM", "signature", "key", /^The bundle key is not a public key in PEM format/],
  ["an empty bundle token", "password", " \n", /^The file is empty\.$/],
  ["a bundle token of two lines", "password", "one\ntwo", /^The file does not contain exactly one token/],
  ["an empty run task key", "access_key", "", /^The file is empty\.$/],
  ["a decision log token that is missing", "credential", undefined, notThere],
  [
    "a decision log token of two lines",
    "credential",
    "one\ntwo",
    /^The file does not contain exactly one token/,
  ],
];

for (const [what, file, content, reason] of broken) {
  test(`${what} is reported with its file and reason, and its previous content stays in use`, () => {
    const { path, options } = written();
    const { secrets, reload, stop, log, events } = watched(options);
    const broken = Object.values(secrets).find((secret) => secret?.paths.includes(path(file)));
    const previous = broken?.value;
    if (content === undefined) rmSync(path(file));
    else replace(path(file), Buffer.from(content));
    reload();
    stop();
    const failures = log().filter(({ level }) => level === "error");
    assert.equal(failures.length, 1, "only one secret is broken");
    assert.equal(failures[0]?.["file"], path(file));
    assert.match(String(failures[0]?.["reason"]), reason);
    assert.match(String(failures[0]?.["msg"]), /^Cannot reload the .*; the previous content stays in use$/);
    assert.equal(events.filter((event) => event === "reload_failed").length, 1);
    assert.equal(broken?.value, previous);
    assert.equal(events.filter((event) => event === "reloaded").length, Object.keys(secrets).length - 1);
  });

  test(`${what} stops the start with its file and reason`, () => {
    const { path, options } = written({ [file]: content ?? "" });
    if (content === undefined) rmSync(path(file));
    assert.throws(
      () => readSecrets(options),
      (error) => {
        assert.ok(error instanceof SecretFileError);
        assert.match(error.message, /^Cannot use ".*\/run\/secrets\/.*": /);
        return error.file === path(file) && reason.test(error.reason);
      },
    );
  });
}

test("a file without read permission is reported", {
  skip: process.getuid?.() === 0 && "root may read everything",
}, () => {
  const { path, options } = written();
  const { reload, stop, log } = watched(options);
  chmodSync(path("token"), 0);
  reload();
  stop();
  const [failure] = log().filter(({ level }) => level === "error");
  assert.match(String(failure?.["reason"]), /^The file or directory is not readable\. Give the user/);
});

test("a new certificate and its key take effect together, in whichever order they are written", () => {
  for (const order of [
    ["tls.crt", "api-key"],
    ["api-key", "tls.crt"],
  ]) {
    const { path, options } = written();
    const { secrets, reload, stop, log } = watched(options);
    const next: { [file: string]: Buffer } = { "tls.crt": second.cert, "api-key": second.key };
    for (const [i, name] of order.entries()) {
      replace(path(name), next[name] as Buffer);
      reload();
      const { cert, key } = secrets.certificate?.value ?? assert.fail();
      assert.deepEqual([cert, key], i === 0 ? [first.cert, first.key] : [second.cert, second.key]);
    }
    stop();
    const certificates = log().filter(({ msg }) => /server certificate/.test(String(msg)));
    assert.deepEqual(
      certificates.map(({ level }) => level),
      ["error", "info"],
    );
  }
});

test("a certificate whose key follows a moment later is no error", async () => {
  const { path, options } = written();
  const { certificate = assert.fail() } = readSecrets(options);
  const reported: string[] = [];
  const log = createLogger((line) => reported.push(JSON.parse(line).level), "debug");
  const telemetry = { log, count: (event: string) => void reported.push(event) };
  replace(path("tls.crt"), second.cert);
  await reloadChanged(certificate, telemetry, async () => replace(path("api-key"), second.key));
  assert.deepEqual(reported, ["reloaded", "info"]);
  assert.deepEqual(certificate.value.cert, second.cert);
  replace(path("api-key"), first.key);
  await reloadChanged(certificate, telemetry, async () => {});
  assert.deepEqual(reported.slice(2), ["reload_failed", "error"]);
});

test("an expired certificate never replaces a valid one, but a server starts with it", () => {
  const expired = own.sign("expired", { days: -1 });
  const { path, options } = written();
  const { secrets, reload, stop, log, expiry } = watched(options);
  replace(path("tls.crt"), expired.cert);
  replace(path("api-key"), expired.key);
  reload();
  stop();
  assert.deepEqual(secrets.certificate?.value.cert, first.cert);
  const [failure] = log().filter(({ level }) => level === "error");
  assert.match(String(failure?.["reason"]), /^The certificate expired on \d{4}-\d\d-\d\dT.*still valid\.$/);
  assert.ok((expiry.get("server")?.getTime() ?? 0) > Date.now());

  const start = watched(options);
  start.reload();
  start.stop();
  assert.deepEqual(start.secrets.certificate?.value.cert, expired.cert);
  assert.ok((start.expiry.get("server")?.getTime() ?? 0) < Date.now());
  assert.match(String(start.log()[0]?.["msg"]), /^The certificate CN=expired expired on /);
});

test("a certificate that is not valid yet is used, because clocks differ, and is reported", () => {
  const { secrets, stop } = watched(written().options);
  stop();
  const { certificates } = secrets.certificate?.value ?? assert.fail();
  assert.deepEqual(validityWarnings(certificates), []);
  const [warning] = validityWarnings(certificates, Date.now() - 86_400_000);
  assert.match(String(warning), /^The certificate CN=first is not valid before \d{4}-/);
});

test("the expiry of a file is that of its first certificate to expire", () => {
  const chain = Buffer.concat([own.sign("short", { days: 1 }).cert, own.ca]);
  const { expiry, stop } = (() => watched(written({ secret: chain }).options))();
  stop();
  const days = ((expiry.get("client_ca")?.getTime() ?? 0) - Date.now()) / 86_400_000;
  assert.ok(days > 0 && days <= 1, `${days}`);
});
