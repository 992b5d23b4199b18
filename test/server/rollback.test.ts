import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { unpackBundle } from "../../src/hosts/server/bundle/archive.ts";
import { type BundleOptions, createBundleSource } from "../../src/hosts/server/bundle/index.ts";
import { createVerifier } from "../../src/hosts/server/bundle/signature.ts";
import { openBundleState } from "../../src/hosts/server/bundle/state.ts";
import { bundleVersion } from "../../src/hosts/server/bundle/version.ts";
import { until } from "../until.ts";
import {
  built,
  bundleFiles,
  bundleServer,
  type Keys,
  keys,
  makeBundle,
  opa,
  pack,
  run,
  scratch,
  signedBundle,
  telling,
} from "./bundle-support.ts";
import { ask, refused as refusedToStart, serve } from "./served.ts";

const own = keys("ec");
const verifierOf = (key: Keys) => {
  const verify = createVerifier({ publicKeys: key.publicKey });
  return () => verify;
};

/** Starts a source as a server does. `send` makes the bundle server offer another bundle. */
async function started(bytes: Buffer | "unavailable", options: Partial<BundleOptions> = {}) {
  const { url, state } = await bundleServer(bytes === "unavailable" ? Buffer.of() : bytes);
  if (bytes === "unavailable") state.status = 503;
  const told = telling();
  const source = createBundleSource(
    { url, intervalMs: 20, retryDelayMs: 5, verifier: verifierOf(own), ...options },
    told,
  );
  const active: string[] = [];
  const apply = async ({ revision }: { revision: string }) => void active.push(revision);
  await source.restore(apply);
  source.watch(apply);
  let version = 1;
  const send = (bundle: Buffer) => {
    Object.assign(state, { bytes: bundle, etag: `"sent-${++version}"`, status: 200 });
  };
  const refused = () => until(() => told.events.includes("bundle_rollback_refused"));
  const isActive = (revision: string) => until(() => active.at(-1) === revision);
  return { ...told, active, send, refused, isActive, stop: source.stop };
}

const stateFile = (directory: string) => join(directory, "bundle.tar.gz");

describe("a signed bundle", built, () => {
  test("replaces a bundle with a lower sequence number", async () => {
    const { active, send, isActive, events, stop } = await started(signedBundle(own, "first", 7));
    await isActive("first");
    send(signedBundle(own, "second", 8));
    await isActive("second");
    stop();
    assert.deepEqual([active, events], [["first", "second"], []]);
  });

  const older: [string, unknown, RegExp][] = [
    [
      "with a lower sequence number",
      6,
      /^Bundle "older" \(sequence 6\) is older than the last activated bundle "active" \(sequence 7\)\. Build it with a sequence number above 7, or set --bundle-allow-rollback\.$/,
    ],
    [
      "with the same sequence number but different content",
      7,
      /^Bundle "older" \(sequence 7\) has different content but the sequence number of bundle "active" \(sequence 7\)/,
    ],
    [
      "without a sequence number",
      undefined,
      /^Bundle "older" has no sequence number, so it may be older than bundle "active" \(sequence 7\)/,
    ],
  ];
  for (const [what, sequence, reason] of older) {
    test(`${what} does not replace the active one`, async () => {
      const { active, send, refused, isActive, events, lines, times, stop } = await started(
        signedBundle(own, "active", 7),
      );
      await isActive("active");
      send(signedBundle(own, "older", sequence));
      await refused();
      const confirmed = times.get("last_success");
      const { length } = events;
      await until(() => events.length > length + 1);
      assert.equal(
        times.get("last_success"),
        confirmed,
        "the bundle server did not confirm the active bundle",
      );
      const errors = lines.filter(({ level }) => level === "error");
      assert.equal(errors.length, 1, "a repeated failure is logged once");
      assert.match(String(errors[0]?.["reason"]), reason);
      assert.equal(errors[0]?.message, "Refused an older bundle; the current rules stay in use");
      // A new bundle still gets through.
      send(signedBundle(own, "newer", 8));
      await isActive("newer");
      stop();
      assert.deepEqual(active, ["active", "newer"]);
      assert.deepEqual([...new Set(events)], ["bundle_rollback_refused"]);
    });

    test(`${what} replaces the active one with --bundle-allow-rollback`, async () => {
      const { send, isActive, events, stop } = await started(signedBundle(own, "active", 7), {
        allowRollback: true,
      });
      await isActive("active");
      send(signedBundle(own, "older", sequence));
      await isActive("older");
      stop();
      assert.deepEqual(events, []);
    });
  }

  test("needs a sequence number even if it is the first", async () => {
    const { active, refused, lines, stop } = await started(signedBundle(own, "first"));
    await refused();
    stop();
    assert.deepEqual(active, []);
    assert.match(String(lines[0]?.["reason"]), /no sequence number.*Set metadata\.keywarden\.sequence/);
  });

  test("may be signed again without a new sequence number", async () => {
    const { send, isActive, active, events, stop } = await started(signedBundle(own, "first", 7));
    await isActive("first");
    // An ECDSA signature differs each time.
    send(signedBundle(own, "first", 7));
    await until(() => active.length === 2);
    stop();
    assert.deepEqual(events, []);
  });

  test("is verified again when the bundle key changes", async () => {
    let verifier = verifierOf(own)();
    const { active, send, isActive, events, lines, stop } = await started(signedBundle(own, "first", 7), {
      verifier: () => verifier,
    });
    await isActive("first");
    const next = keys("ec");
    verifier = verifierOf(next)();
    await until(() => events.includes("bundle_failed"));
    assert.match(String(lines.at(0)?.["reason"]), /signature was not made with the bundle key/);
    send(signedBundle(next, "second", 8));
    await isActive("second");
    stop();
    assert.deepEqual(active, ["first", "second"]);
  });
});

test("without a bundle key, the sequence number proves nothing and is ignored", async () => {
  const bundle = (revision: string, sequence?: number) =>
    pack(bundleFiles({ revision, ...(sequence && { metadata: { keywarden: { sequence } } }) }));
  const { source, ...told } = (() => {
    const telemetry = telling();
    return { ...telemetry, source: createBundleSource };
  })();
  const { url, state } = await bundleServer(bundle("first", 7));
  const active: string[] = [];
  const bundles = source({ url, intervalMs: 20, retryDelayMs: 5 }, told);
  bundles.watch(async ({ revision }) => void active.push(revision));
  for (const [revision, sequence] of [
    ["older", 6],
    ["none", undefined],
  ] as const) {
    await until(() => active.length > 0);
    Object.assign(state, { bytes: bundle(revision, sequence), etag: `"${revision}"` });
    await until(() => active.at(-1) === revision);
  }
  bundles.stop();
  assert.deepEqual(told.events, []);
});

for (const sequence of [-1, 1.5, "2", null, true, 1e300, 2 ** 53, [3]])
  test(`the sequence number ${JSON.stringify(sequence)} is an error`, () => {
    const files = bundleFiles({ metadata: { keywarden: { sequence } } });
    const bytes = new Map([...files].map(([path, content]) => [path, Buffer.from(content)]));
    assert.throws(() => bundleVersion(bytes), /sequence in \/\.manifest is not an integer from 0/);
  });

describe("a state directory", built, () => {
  test("makes a restarted server refuse an older bundle", async () => {
    const stateDir = join(scratch(), "new");
    const before = await started(signedBundle(own, "second", 8), { stateDir });
    await before.isActive("second");
    await until(() => existsSync(stateFile(stateDir)));
    before.stop();
    const after = await started(signedBundle(own, "first", 7), { stateDir });
    await after.refused();
    after.stop();
    assert.deepEqual(after.active, ["second"]);
    assert.match(
      String(after.lines.find(({ level }) => level === "error")?.["reason"]),
      /Bundle "first" \(sequence 7\) is older than the last activated bundle "second" \(sequence 8\)/,
    );
  });

  test("has the rules to start with while the bundle server is unavailable", async () => {
    const stateDir = scratch();
    writeFileSync(stateFile(stateDir), signedBundle(own, "stored", 7));
    const { active, events, send, isActive, times, stop } = await started("unavailable", { stateDir });
    assert.deepEqual(active, ["stored"]);
    await until(() => events.includes("bundle_failed"));
    assert.equal(times.get("last_success")?.getTime(), 0, "the bundle server has not confirmed the bundle");
    assert.notEqual(times.get("activated")?.getTime(), 0);
    send(signedBundle(own, "newer", 8));
    await isActive("newer");
    await until(() => readFileSync(stateFile(stateDir)).length > 0);
    stop();
  });

  test("never makes a server start with a bundle of another key, but still prevents a rollback", async () => {
    const stateDir = scratch();
    writeFileSync(stateFile(stateDir), signedBundle(keys("ec"), "stored", 7));
    const { active, refused, isActive, lines, send, stop } = await started(signedBundle(own, "older", 6), {
      stateDir,
    });
    await refused();
    assert.deepEqual(active, []);
    assert.match(String(lines[0]?.["reason"]), /signature was not made with the bundle key/);
    assert.equal(lines[0]?.message, "Cannot use the stored bundle; waiting for the bundle server");
    send(signedBundle(own, "newer", 8));
    await isActive("newer");
    stop();
  });

  test("forgets the higher sequence number after an allowed rollback", async () => {
    const stateDir = scratch();
    writeFileSync(stateFile(stateDir), signedBundle(own, "bad", 1e15));
    const rollback = await started(signedBundle(own, "good", 7), { stateDir, allowRollback: true });
    await rollback.isActive("good");
    const sequence = async () =>
      bundleVersion(await unpackBundle(readFileSync(stateFile(stateDir)))).sequence;
    await until(async () => (await sequence()) === 7);
    rollback.stop();
    const protectedAgain = await started(signedBundle(own, "next", 8), { stateDir });
    await protectedAgain.isActive("next");
    protectedAgain.stop();
  });

  const whole = signedBundle;
  for (const [what, content] of [
    ["empty", () => Buffer.of()],
    ["truncated", () => whole(own, "stored", 7).subarray(0, 5000)],
    ["not a bundle", () => Buffer.from("{}")],
    ["a bundle without a valid manifest", () => pack(new Map([[".manifest", "["]]))],
  ] as const)
    test(`is an error if its file is ${what}: the server does not silently accept older bundles`, async () => {
      const stateDir = scratch();
      writeFileSync(stateFile(stateDir), content());
      await assert.rejects(
        started(signedBundle(own, "first", 7), { stateDir }),
        /^Error: Cannot read the state of the last activated bundle in ".*bundle\.tar\.gz": .*Restore the file\. If you delete it, the server accepts older bundles\.$/,
      );
    });

  test("is an error if it cannot be written", async () => {
    const file = join(scratch(), "file");
    writeFileSync(file, "");
    for (const stateDir of [file, join(file, "below"), "/proc/keywarden"])
      await assert.rejects(
        started(signedBundle(own, "first", 7), { stateDir }),
        /--state-dir: cannot write to ".*": E[A-Z]+: .*Mount a writable directory/,
      );
  });

  test("that two servers share keeps the newer bundle", async () => {
    const stateDir = scratch();
    const { send, isActive, times, stop } = await started("unavailable", { stateDir });
    const newer = signedBundle(own, "newer", 8);
    writeFileSync(stateFile(stateDir), newer);
    send(signedBundle(own, "older", 7));
    await isActive("older");
    const since = Date.now();
    await until(() => (times.get("last_success")?.getTime() ?? 0) > since);
    assert.deepEqual(readFileSync(stateFile(stateDir)), newer);
    const newest = signedBundle(own, "newest", 9);
    send(newest);
    await until(() => readFileSync(stateFile(stateDir)).equals(newest));
    stop();
  });

  test("that two servers share is never replaced by what another one tries to write", () => {
    const stateDir = scratch();
    mkdirSync(`${stateFile(stateDir)}.tmp`);
    const state = openBundleState(stateDir);
    state.save(Buffer.from("bundle"));
    assert.equal(String(readFileSync(stateFile(stateDir))), "bundle");
    assert.deepEqual(readdirSync(stateDir).sort(), ["bundle.tar.gz", "bundle.tar.gz.tmp"]);
  });

  test("that becomes unwritable is reported, and the new bundle is active all the same", async () => {
    const stateDir = join(scratch(), "state");
    const { send, isActive, events, lines, stop } = await started(signedBundle(own, "first", 7), {
      stateDir,
    });
    await isActive("first");
    await until(() => existsSync(stateFile(stateDir)));
    // The place of the file is taken, which also stops a server that runs as root.
    rmSync(stateFile(stateDir));
    mkdirSync(stateFile(stateDir));
    chmodSync(stateDir, 0o500);
    send(signedBundle(own, "second", 8));
    await isActive("second");
    await until(() => lines.some(({ message }) => message === "Cannot store the bundle in use"));
    assert.ok(events.includes("bundle_failed"));
    chmodSync(stateDir, 0o700);
    stop();
  });
});

describe("`make bundle`", built, () => {
  const sequenceOf = async (bundle: Buffer) => bundleVersion(await unpackBundle(bundle)).sequence;

  test("numbers bundles by their build time, and builds the same bundle again with the same number", async () => {
    const before = Math.floor(Date.now() / 1000);
    const sequence = (await sequenceOf(makeBundle())) ?? 0;
    assert.ok(sequence >= before && sequence <= Date.now() / 1000);
    const key = keys("rsa");
    const [one = Buffer.of(), two] = [1, 2].map(() => makeBundle("--key", key.path, "--sequence", "42"));
    assert.deepEqual(one, two);
    assert.equal(await sequenceOf(one), 42);
    // OPA accepts the signature too, and keeps the sequence number if it builds another bundle from this one.
    const folder = scratch();
    writeFileSync(join(folder, "bundle.tar.gz"), one);
    writeFileSync(join(folder, "bundle.pub"), key.publicKey);
    const verifying = ["--verification-key", "bundle.pub", "--signing-alg", "RS256"];
    run(opa, ["build", "-b", "bundle.tar.gz", ...verifying, "-o", "verified.tar.gz"], folder);
    assert.equal(await sequenceOf(readFileSync(join(folder, "verified.tar.gz"))), 42);
  });
});

test(
  "a server keeps its rules through a restart without a bundle server, and reports the age of the bundle",
  built,
  async () => {
    const folder = scratch();
    writeFileSync(join(folder, "bundle.pub"), own.publicKey);
    const { url, state } = await bundleServer(signedBundle(own, "stored", 7));
    const args = ["--bundle", url, "--bundle-key", "bundle.pub", "--state-dir", "state"];
    const metric = async (server: string, name: string) => {
      const { body } = await ask(`${server}/metrics`);
      return Number(
        body
          .split("\n")
          .find((line) => line.startsWith(`${name} `))
          ?.split(" ")[1],
      );
    };
    const activated = "keywarden_bundle_activated_timestamp_seconds";
    const confirmed = "keywarden_bundle_last_success_timestamp_seconds";
    const refusals = 'keywarden_events_total{event="bundle_rollback_refused"}';

    const first = await serve(args, { cwd: folder });
    // The first download does not wait for the polling interval, which is a minute.
    await first.said('"revision":"stored"');
    await until(async () => (await metric(first.url, confirmed)) >= (await metric(first.url, activated)));
    assert.ok((await metric(first.url, activated)) > 1.7e9);
    await first.end();

    state.status = 503;
    const second = await serve([...args, "--bundle-interval", "50ms"], { cwd: folder });
    assert.match((await ask(`${second.url}/ready`)).body, /"revision":"stored"/);
    assert.equal(await metric(second.url, confirmed), 0);
    Object.assign(state, { bytes: signedBundle(own, "older", 6), etag: '"older"', status: 200 });
    await second.said("Refused an older bundle");
    assert.match((await ask(`${second.url}/ready`)).body, /"revision":"stored"/);
    assert.ok((await metric(second.url, refusals)) > 0);
    await second.end();

    writeFileSync(stateFile(join(folder, "state")), "damaged");
    const { code, stderr } = await refusedToStart(args, folder);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /keywarden: Cannot read the state of the last activated bundle in "state\/bundle\.tar\.gz"/,
    );
  },
);

test(
  "a server that waits for its first bundle never decides with other rules, even if it is reloaded",
  built,
  async () => {
    const folder = scratch();
    writeFileSync(join(folder, "bundle.pub"), own.publicKey);
    const { url, state } = await bundleServer(signedBundle(own, "first", 7));
    state.status = 503;
    const args = ["--bundle", url, "--bundle-key", "bundle.pub", "--bundle-interval", "50ms"];
    const { said, look, log, url: server } = await serve(args, { cwd: folder });
    look();
    await said("Reloaded the bundle key");
    assert.equal((await ask(`${server}/ready`)).status, 503);
    state.status = 200;
    await said('"revision":"first"');
    assert.deepEqual(
      log().flatMap(({ msg, revision }) => (msg === "Rules loaded" ? [revision] : [])),
      ["first"],
    );
  },
);
