import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { load } from "js-yaml";
import { authority } from "../server/certificates.ts";
import { deployedServer } from "../server/deployed.ts";
import { scratch, serve } from "../server/served.ts";
import { ackKey, crossplaneKey, goodPolicy, openPolicy, root } from "../server/support.ts";
import { freePort, programPath, runProgram } from "./program.ts";
import { record } from "./recorder.ts";
import { startRelay } from "./relay.ts";

const folder = scratch();
const { ca, sign } = authority(folder, "gate");
const deployed = deployedServer(sign("keywarden"));
const gate = await serve([...deployed.args, "--anonymous=/gatekeeper/external-data"], { cwd: deployed.cwd });
const relay = await startRelay({ url: gate.url, ca }, sign("relay"));
after(async () => {
  await relay.end();
  await gate.end("SIGKILL");
});
beforeEach(() => {
  relay.exchanges.length = 0;
});

interface Provider {
  spec: { url: string; timeout: number; caBundle: string };
}

/** Writes the provider as shipped, with the location of the relay. A busy machine gets a minute instead of two seconds. */
function providerFile(changes: { port?: number; caBundle?: Buffer } = {}): string {
  const provider = load(readFileSync(join(root, "deploy/gatekeeper/provider.yaml"), "utf8")) as Provider;
  const url = new URL(provider.spec.url);
  const { port = relay.port, caBundle = ca } = changes;
  provider.spec.url = `https://127.0.0.1:${port}${url.pathname}`;
  provider.spec.timeout = 60;
  provider.spec.caBundle = caBundle.toString("base64");
  const path = join(scratch(), "provider.yaml");
  writeFileSync(path, JSON.stringify(provider));
  return path;
}

type Request = { review: object } | { audit: object };
type Violations = { message: string; action: string }[];

/** Evaluates requests with the shipped constraint, in one process of Gatekeeper's libraries. */
async function evaluate(requests: Request[], provider = providerFile()): Promise<Violations[]> {
  const files = ["template.yaml", "constraint.yaml"].map((name) => join(root, "deploy/gatekeeper", name));
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join("");
  const args = ["review", ...files, provider];
  const { status, stdout, stderr } = await runProgram(programPath("gatekeeper"), args, { input });
  assert.equal(status, 0, stderr);
  const lines = stdout.trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Violations);
}

const open = ackKey({ policy: openPolicy });
const good = ackKey({ policy: goodPolicy });

/** Returns the request that the API server sends to Gatekeeper's webhook. */
const review = (operation: string, parts: { object?: object; oldObject?: object }): Request => {
  const subject = (parts.object ?? parts.oldObject) as typeof open;
  const [group, version] = subject.apiVersion.split("/");
  const { name, namespace } = subject.metadata;
  return {
    review: {
      uid: "705ab4f5-6393-11e8-b7cc-42010a800002",
      kind: { group, version, kind: subject.kind },
      resource: { group, version, resource: `${subject.kind.toLowerCase()}s` },
      name,
      namespace,
      operation,
      userInfo: { username: "admin" },
      ...parts,
    },
  };
};

const doomed = { ...good, metadata: { ...good.metadata, name: "doomed" } };
for (const [what, request, expected] of [
  ["creates a good key", review("CREATE", { object: good }), []],
  [
    "creates an open key",
    review("CREATE", { object: open }),
    [/^public_access at \.spec\.policy, statement "All"/],
  ],
  [
    "creates an open key of Crossplane",
    review("CREATE", { object: crossplaneKey({ policy: openPolicy }) }),
    [/^public_access at \.spec\.forProvider\.policy/],
  ],
  ["opens a key", review("UPDATE", { object: open, oldObject: good }), [/^public_access/]],
  ["adds a label to an open key", review("UPDATE", { object: labeled(open), oldObject: open }), []],
  ["deletes a key in AWS", review("DELETE", { oldObject: doomed }), [/^key_deletion/]],
  ["audits an open key", { audit: open }, [/^public_access/]],
  ["audits a good key", { audit: good }, []],
  [
    "creates an object of another kind",
    review("CREATE", { object: { ...open, apiVersion: "v1", kind: "Secret" } }),
    [],
  ],
] as [string, Request, RegExp[]][])
  test(`Gatekeeper evaluates the shipped constraint with the gate: a request ${what}`, async () => {
    const [violations = []] = await evaluate([request]);
    assert.equal(violations.length, expected.length, JSON.stringify(violations));
    for (const [i, pattern] of expected.entries()) {
      assert.match(violations[i]?.message ?? "", pattern);
      assert.equal(violations[i]?.action, "deny");
    }
    await record(relay, `gatekeeper-${what.replaceAll(" ", "-").toLowerCase()}`);
  });

function labeled(object: typeof open) {
  return { ...object, metadata: { ...object.metadata, labels: { team: "a" } } };
}

test("Gatekeeper asks once about the same object", async () => {
  const results = await evaluate([{ audit: open }, { audit: open }, { audit: good }]);
  assert.deepEqual(
    results.map(({ length }) => length),
    [1, 1, 0],
  );
  assert.equal(relay.exchanges.length, 2);
});

for (const [what, provider, reason] of [
  ["cannot be reached", async () => providerFile({ port: await freePort() }), /connection refused/],
  [
    "has a certificate of another authority",
    async () => providerFile({ caBundle: authority(scratch(), "other").ca }),
    /unknown authority/,
  ],
] as [string, () => Promise<string>, RegExp][])
  test(`Gatekeeper denies a good key if the gate ${what}`, async () => {
    const [violations = []] = await evaluate([review("CREATE", { object: good })], await provider());
    assert.equal(violations.length, 1);
    assert.match(violations[0]?.message ?? "", /^Keywarden could not decide: /);
    assert.match(violations[0]?.message ?? "", reason);
  });

test("while the gate is down, controllers can remove finalizers from an object that is being deleted", async () => {
  const held = {
    ...good,
    metadata: { ...good.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a/b"] },
  };
  const released = { ...held, metadata: { ...held.metadata, finalizers: [] } };
  const opened = { ...released, spec: { ...good.spec, policy: openPolicy } };
  const provider = providerFile({ port: await freePort() });
  const requests = [released, opened].map((object) => review("UPDATE", { object, oldObject: held }));
  const [finalizers, spec] = await evaluate(requests, provider);
  assert.deepEqual(finalizers, []);
  assert.match(spec?.[0]?.message ?? "", /^Keywarden could not decide: /);
});
