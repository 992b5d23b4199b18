import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { argumentsOfProcess } from "../../src/hosts/cli/health-check.ts";
import { authority } from "./certificates.ts";
import { ask, scratch, serve } from "./served.ts";
import { root } from "./support.ts";

/** Runs the health check of the container image. */
async function health(args: string[], env: { [name: string]: string } = {}, cwd = scratch()) {
  const child = spawn(process.execPath, [join(root, "dist/health.js"), ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [code] = await once(child, "close");
  return { code, stderr };
}

const folder = scratch();
const { key, cert } = (() => {
  const signed = authority(folder, "ca").sign("server");
  for (const [name, bytes] of Object.entries(signed)) writeFileSync(join(folder, `${name}.pem`), bytes);
  return { key: join(folder, "key.pem"), cert: join(folder, "cert.pem") };
})();
const tls = ["--tls-cert", cert, "--tls-key", key];
const socket = (name: string) => `unix:${join(folder, name)}`;

for (const [what, args, address] of [
  ["HTTP", [], undefined],
  ["TLS", tls, undefined],
  ["HTTP on a Unix socket", [], socket("http.sock")],
  ["TLS on a Unix socket", tls, socket("tls.sock")],
  ["TLS with client certificates", [...tls, "--client-ca", join(folder, "ca.pem")], undefined],
] as const)
  test(`the health check of a container finds a server with ${what}, and notices its end`, async () => {
    const served = await serve([...args, "--listen", address ?? "127.0.0.1:0"]);
    const listen = ["--listen", address ?? new URL(served.url).host];
    assert.deepEqual(await health([...args, ...listen]), { code: 0, stderr: "" });
    assert.equal(await served.end("SIGKILL"), null);
    const after = await health([...args, ...listen]);
    assert.equal(after.code, 1);
    assert.match(after.stderr, /^keywarden: connect ECONNREFUSED/);
  });

test("the health check finds the address in the environment and in the config, as the server does", async () => {
  const served = await serve();
  const { host } = new URL(served.url);
  assert.equal((await health(["--fail-mode", "closed"], { KEYWARDEN_LISTEN: host })).code, 0);
  const cwd = scratch();
  writeFileSync(join(cwd, "own.yaml"), `listen: ${host}\n`);
  assert.equal((await health(["--config-file", "own.yaml"], {}, cwd)).code, 0);
  const wrong = await health(["--lisen", host]);
  assert.deepEqual(
    [wrong.code, wrong.stderr.split("\n")[0]],
    [1, "keywarden: unknown flag --lisen. Did you mean --listen?"],
  );
  await served.end();
});

for (const [what, commandLine, args] of [
  [
    "the entrypoint of the image",
    "node\0/usr/local/bin/keywarden\0serve\0--listen\0:8181\0",
    ["serve", "--listen", ":8181"],
  ],
  ["an init process", "/sbin/docker-init\0--\0keywarden\0serve\0", ["serve"]],
  ["the path of the program", "node\0/opt/keywarden/dist/cli.js\0test\0.\0", ["test", "."]],
  ["a flag without a value", "keywarden\0serve\0--anonymous\0\0", ["serve", "--anonymous", ""]],
  ["another program", "sh\0-c\0keywarden serve\0", undefined],
] as const)
  test(`the arguments of process 1: ${what}`, () => {
    assert.deepEqual(argumentsOfProcess(commandLine), args);
  });

/** Node's permission model denies every write, as a read-only file system does. */
const permission =
  Number(process.versions.node.split(".")[0]) < 23 ? "--experimental-permission" : "--permission";
const readOnly = [permission, "--allow-fs-read=*", "--allow-worker", "--no-warnings"].join(" ");

test("the server writes no file, and needs no home directory", async () => {
  const served = await serve(["--decision-log", "-", "--workers", "1"], {
    env: { NODE_OPTIONS: readOnly, HOME: "/nonexistent", TMPDIR: "/nonexistent" },
    cwd: "/",
  });
  const template = "Resources: {Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}}";
  const { status, body } = await ask(`${served.url}/check?path=template.yaml`, { body: template });
  assert.deepEqual([status, JSON.parse(body).outcome], [200, "allowed"], body);
  const module = 'resource "aws_kms_key" "k" {\n  enable_key_rotation = true\n}\n';
  const source = await ask(`${served.url}/check?path=main.tf`, { body: module });
  assert.deepEqual([source.status, JSON.parse(source.body).outcome], [200, "allowed"], source.body);
  assert.equal(await served.end(), 0);
  assert.equal(served.stdout().trim().split("\n").length, 2);
});
