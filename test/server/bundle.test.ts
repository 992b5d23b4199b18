import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { loadEngine } from "../../src/core/engine/engine.ts";
import { createDecider } from "../../src/gate/decision.ts";
import type { RuleBundle } from "../../src/gate/rule-bundle.ts";
import { unpackBundle } from "../../src/hosts/server/bundle/archive.ts";
import { type BundleOptions, createBundleSource } from "../../src/hosts/server/bundle/index.ts";
import { parseRuleBundle } from "../../src/hosts/server/bundle/rule-bundle.ts";
import { createVerifier, type Verification } from "../../src/hosts/server/bundle/signature.ts";
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
  root,
  run,
  scratch,
  signed,
  telling,
} from "./bundle-support.ts";

const read = (path: string) => readFileSync(join(root, path));
const rules = JSON.parse(read("bundles/rules.json").toString());
const wasm = read("bundles/policy.wasm");
const data = (more: object = {}) => JSON.stringify({ keywarden: { rules, ...more } });

const whole = (revision = "r1") => bundleFiles({ revision });
const changed = (path: string, content: string | Uint8Array | undefined) => {
  const files = whole();
  if (content === undefined) files.delete(path);
  else files.set(path, content);
  return files;
};

/** Shares a bundle between tests: building one takes seconds. */
const once = <T>(make: () => T): (() => T) => {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
const rsaKeys = once(() => keys("rsa"));
const plain = once(() => makeBundle());
const rsaSigned = once(() => makeBundle("--key", rsaKeys().path));

const source = (url: string, settings: Partial<BundleOptions> = {}) => {
  const told = telling();
  return { ...told, source: createBundleSource({ url, intervalMs: 20, retryDelayMs: 5, ...settings }, told) };
};

/** Returns the first bundle that a source applies. Rejects with the reason if the first attempt fails. */
async function first(url: string, settings: Partial<BundleOptions> = {}): Promise<RuleBundle> {
  const { source: bundles, events, lines } = source(url, settings);
  let applied: RuleBundle | undefined;
  bundles.watch(async (bundle) => {
    applied = bundle;
  });
  await until(() => applied !== undefined || events.length > 0);
  bundles.stop();
  if (applied === undefined) throw new Error(String(lines.at(-1)?.["reason"]));
  return applied;
}

describe("the bundle of `make bundle`", built, () => {
  let bundle: Buffer;
  before(() => {
    bundle = plain();
  });

  test("is accepted, and has the rules of the package", async () => {
    const { url, asked } = await bundleServer(bundle);
    const policy = await first(url, { token: () => "s3cret" });
    assert.deepEqual(Buffer.from(policy.wasm), wasm);
    assert.deepEqual(policy.rules, rules);
    assert.deepEqual(policy.settings, {});
    assert.match(policy.revision, /^[0-9a-f]{12}$/);
    assert.equal(asked[0]?.headers["prefer"], "modes=snapshot");
    assert.equal(asked[0]?.headers["authorization"], "Bearer s3cret");
  });

  test("gives the same findings as the package", async () => {
    const path = "examples/cross-account-without-root/plan.json";
    const inputs = [{ path, text: read(path).toString(), named: true }];
    const findings = ({ wasm, rules, settings, revision }: RuleBundle) => {
      const check = { engine: loadEngine(wasm, rules), settings };
      const about = {
        failMode: "closed",
        revision,
        version: "0",
        failOnWarn: false,
        noFail: false,
        requireContent: false,
      } as const;
      return createDecider({ check, ...about })(inputs).report.findings;
    };
    const own = findings({ wasm, rules, settings: {}, revision: "" });
    assert.ok(own.length > 0);
    assert.deepEqual(findings(parseRuleBundle(await unpackBundle(bundle))), own);
  });
});

describe("a signature", built, () => {
  let rsa: Keys;
  let ec: Keys;
  let bundle: Map<string, Uint8Array>;
  const verified = (files: Map<string, Uint8Array>, settings: Partial<Verification> = {}) =>
    createVerifier({ publicKeys: rsa.publicKey, ...settings })(files);
  const claims = () => {
    const token = JSON.parse(String(bundle.get(".signatures.json"))).signatures[0] as string;
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { files: object[] };
  };
  const withSignature = (text: string) => new Map([...bundle, [".signatures.json", Buffer.from(text)]]);

  before(async () => {
    rsa = rsaKeys();
    ec = keys("ec");
    bundle = await unpackBundle(rsaSigned());
  });

  test("of OPA is valid: RS256 and ES256", async () => {
    await verified(bundle);
    await verified(bundle, { keyId: "default" });
    await verified(await unpackBundle(makeBundle("--key", ec.path)), { publicKeys: ec.publicKey });
  });

  test("of one of several keys is valid", async () => {
    await verified(bundle, { publicKeys: `${ec.publicKey}${rsa.publicKey}` });
    await verified(bundle, { publicKeys: `# current\n${rsa.publicKey}\n# next\n${ec.publicKey}` });
    await assert.rejects(verified(bundle, { publicKeys: ec.publicKey }), /not made with the bundle key/);
  });

  test("fails for each changed or missing file", async () => {
    for (const [path, content] of bundle) {
      if (path === ".signatures.json") continue;
      const other = /data\.json|manifest/.test(path)
        ? Buffer.from('{"a": 1}')
        : Buffer.concat([content, content]);
      await assert.rejects(verified(new Map([...bundle, [path, other]])), /is not the signed content/, path);
      const without = new Map([...bundle].filter(([name]) => name !== path));
      await assert.rejects(verified(without), /has no .*, which is signed/, path);
    }
  });

  test("fails for an additional file", () =>
    assert.rejects(
      verified(new Map([...bundle, ["kms/more.rego", Buffer.of()]])),
      /"kms\/more.rego", which is not signed/,
    ));

  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const forged: [string, () => Promise<string> | string, RegExp][] = [
    [
      "by another key",
      () => signed(claims(), keys("rsa").privateKey, "RS256"),
      /not made with the bundle key/,
    ],
    [
      "by a key of another kind",
      () => signed(claims(), ec.privateKey, "ES256"),
      /not made with the bundle key/,
    ],
    [
      "by the public key as a secret",
      () => signed(claims(), Buffer.from(rsa.publicKey), "HS256"),
      /not made with the bundle key/,
    ],
    [
      "by nobody: alg none",
      () =>
        JSON.stringify({
          signatures: [`${none}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}.`],
        }),
      /not made with the bundle key/,
    ],
    [
      "with another scope",
      () => signed({ ...claims(), scope: "write" }, rsa.privateKey, "RS256"),
      /another scope/,
    ],
    ["without a list", () => signed({ files: undefined }, rsa.privateKey, "RS256"), /lists no files/],
    ["of an empty list", () => signed({ files: [] }, rsa.privateKey, "RS256"), /which is not signed/],
    [
      "with weak hashes",
      () =>
        signed(
          { files: claims().files.map((file) => ({ ...file, algorithm: "MD5" })) },
          rsa.privateKey,
          "RS256",
        ),
      /unsupported hash algorithm/,
    ],
    [
      "of two",
      () => JSON.stringify({ signatures: ["a.b.c", "a.b.c"] }),
      /does not contain exactly one signature/,
    ],
    ["of none", () => JSON.stringify({ signatures: [] }), /does not contain exactly one signature/],
    ["that is no JSON", () => "{", /does not contain exactly one signature/],
    ["that is no token", () => JSON.stringify({ signatures: ["a"] }), /not made with the bundle key/],
  ];
  for (const [what, text, reason] of forged)
    test(`${what} is refused`, async () => assert.rejects(verified(withSignature(await text())), reason));

  test("is required if there is a key", () =>
    assert.rejects(
      verified(new Map([...bundle].filter(([path]) => path !== ".signatures.json"))),
      /The bundle is not signed/,
    ));

  test("must name the configured key and scope", async () => {
    const scoped = withSignature(
      await signed({ ...claims(), scope: "read" }, rsa.privateKey, "PS256", "ops"),
    );
    await verified(scoped, { scope: "read", keyId: "ops" });
    await assert.rejects(verified(scoped, { scope: "write" }), /another scope/);
    await assert.rejects(verified(scoped, { scope: "read", keyId: "dev" }), /another key ID/);
    await assert.rejects(verified(bundle, { scope: "read" }), /another scope/);
  });

  test("covers the value of a document, as OPA hashes it", async () => {
    const folder = scratch();
    const text = `{ "b" : [1.0, 1e3, -0, 12345678901234567890, true, null, {}],\n"a":"<&>\\u2028\\u00e9\\ud83d\\ude00\\u0007/\\/\\t",
      "\\ud83d\\ude00": 1, "\\uffee": 2, "Z": {"y": "1.0", "x": ""} , "__proto__": 3}\n`;
    mkdirSync(join(folder, "in/sub"), { recursive: true });
    for (const path of ["in/data.json", "in/sub/data.json"]) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, "in/sub/other.json"), text);
    run(
      opa,
      ["sign", "--signing-key", rsa.path, "--output-file-path", "..", "--bundle", "."],
      join(folder, "in"),
    );
    const files = new Map(
      ["data.json", "sub/data.json", "sub/other.json"].map((path) => [
        path,
        readFileSync(join(folder, "in", path)),
      ]),
    );
    const given = new Map([...files, [".signatures.json", readFileSync(join(folder, ".signatures.json"))]]);
    await verified(given);
    const spaced = Buffer.from(text.replace(" : ", ":"));
    await verified(new Map([...given, ["data.json", spaced]]));
    await assert.rejects(verified(new Map([...given, ["sub/other.json", spaced]])), /not the signed content/);
    const number = Buffer.from(text.replace('"1.0"', "1.0"));
    await assert.rejects(verified(new Map([...given, ["data.json", number]])), /not the signed content/);
  });
});

for (const [what, publicKeys, reason] of [
  ["no PEM", "secret", /not a public key in PEM format/],
  ["cut off", keys("ec").publicKey.slice(0, 100), /is incomplete/],
  ["followed by one that is cut off", keys("ec").publicKey.repeat(2).slice(0, -30), /is incomplete/],
  ["a private key", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", /a private key/],
] as const)
  test(`a key that is ${what} is rejected`, () => {
    assert.throws(() => createVerifier({ publicKeys }), reason);
  });

for (const [url, reason] of [
  ["bundles.example.com", /is not a URL/],
  ["http://bundles.example.com/b", /must start with https/],
  ["ftp://localhost/b", /must start with https/],
  ["http://127.0.0.1.example.com/b", /must start with https/],
  ["https://me:pass@bundles.example.com/b", /must not contain a password/],
] as const)
  test(`${url} is not a valid bundle URL`, () => {
    assert.throws(() => source(url), reason);
  });

const empty = (more: Partial<RuleBundle["rules"][number]>) => ({ ...rules[0], ...more });
const refused: [string, () => Map<string, string | Uint8Array>, RegExp][] = [
  ["no module", () => changed("policy.wasm", undefined), /has no \/policy.wasm/],
  [
    "a module that is none",
    () => changed("policy.wasm", "\0asm"),
    /rules cannot be evaluated: Cannot load the compiled rules/,
  ],
  ["no rules", () => changed("data.json", undefined), /no keywarden.rules/],
  ["data that is no JSON", () => changed("data.json", "{"), /data.json is not a JSON object/],
  ["a manifest that is no JSON", () => changed(".manifest", "[]"), /.manifest is not a JSON object/],
  [
    "rules that are none",
    () => changed("data.json", JSON.stringify({ keywarden: { rules: ["a"] } })),
    /rules.0 is not a rule/,
  ],
  [
    "a rule of a level that is none",
    () =>
      changed("data.json", JSON.stringify({ keywarden: { rules: [empty({ level: "fatal" as "error" })] } })),
    /rules.0 is not a rule/,
  ],
  [
    "a setting that there is not",
    () => changed("data.json", data({ settings: { short_deletion_window: { minimun: 9 } } })),
    /settings are not valid: .*minimun.*minimum/,
  ],
];
for (const [what, files, reason] of refused)
  test(`a bundle with ${what} is refused`, async () => {
    const { url } = await bundleServer(pack(files()));
    await assert.rejects(first(url), reason);
  });

for (const [what, rego, entrypoint, reason] of [
  [
    "another entrypoint",
    "package other.main\n\nfindings := set()",
    "other/main",
    /rules cannot be evaluated/,
  ],
  ["no findings", "package kms.main\n\ndeny := set()", "kms/main", /has no findings/],
  [
    "functions of a host",
    'package kms.main\n\nfindings contains sprintf("%v", [key]) if some key in input.keys',
    "kms/main",
    /call sprintf/,
  ],
  [
    "a conflict of its rules",
    "package kms.main\n\nfindings := {key.id} if some key in input.keys\n\nfindings := {1} if count(input.keys) > 0",
    "kms/main",
    /rules failed: .*conflict/,
  ],
] as const)
  test(`a module with ${what} is refused`, built, async () => {
    const folder = scratch();
    writeFileSync(join(folder, "p.rego"), rego);
    run(opa, ["build", "-t", "wasm", "-e", entrypoint, "-o", "out.tar.gz", "p.rego"], folder);
    const module = (await unpackBundle(readFileSync(join(folder, "out.tar.gz")))).get("policy.wasm");
    const { url } = await bundleServer(pack(changed("policy.wasm", module)));
    await assert.rejects(first(url), reason);
  });

test("if the manifest has no revision, the hash of the module is the revision", async () => {
  const { revision } = parseRuleBundle(await unpackBundle(pack(changed(".manifest", undefined))));
  assert.equal(revision, createHash("sha256").update(wasm).digest("hex").slice(0, 12));
});

describe("a watched bundle source", () => {
  /** Watches a source, and waits for the first bundle. */
  async function watched(
    settings: Partial<BundleOptions> = {},
    apply?: (policy: RuleBundle) => Promise<void>,
  ) {
    const server = await bundleServer(pack(whole("r1")));
    const { source: bundles, ...told } = source(server.url, settings);
    const applied: string[] = [];
    bundles.watch(async (policy) => {
      if (applied.length > 0) await apply?.(policy);
      applied.push(policy.revision);
    });
    await until(() => applied.length > 0);
    const seen = async (more = 3) => {
      const before = server.asked.length;
      await until(() => server.asked.length >= before + more);
    };
    return { ...server, ...told, applied, seen, stop: bundles.stop };
  }

  test("sends the ETag, and applies a new bundle once", async () => {
    const { state, asked, applied, seen, stop, events } = await watched();
    await seen();
    assert.deepEqual(applied, ["r1"]);
    assert.deepEqual(
      asked.slice(0, 3).map(({ status, headers }) => [status, headers["if-none-match"]]),
      [
        [200, undefined],
        [304, '"1"'],
        [304, '"1"'],
      ],
    );
    state.bytes = pack(whole("r2"));
    state.etag = '"2"';
    await until(() => applied.length === 2);
    await seen();
    stop();
    assert.deepEqual(applied, ["r1", "r2"]);
    assert.equal(asked.at(-1)?.headers["if-none-match"], '"2"');
    assert.deepEqual(events, []);
  });

  test("works without ETags: the same bytes are the same bundle", async () => {
    const { state, applied, seen, stop } = await watched();
    state.etag = undefined;
    await seen();
    assert.deepEqual(applied, ["r1"]);
    state.bytes = pack(whole("r2"));
    await until(() => applied.length === 2);
    await seen();
    stop();
    assert.deepEqual(applied, ["r1", "r2"]);
  });

  test("keeps the rules if a bundle is refused, logs it once, and fetches it again", async () => {
    const { state, asked, applied, seen, stop, events, lines } = await watched();
    state.bytes = pack(changed("policy.wasm", "\0asm"));
    state.etag = '"2"';
    await until(() => events.length > 0);
    await seen();
    assert.deepEqual(applied, ["r1"]);
    assert.equal(asked.at(-1)?.headers["if-none-match"], '"1"', "the ETag of a refused bundle is not kept");
    assert.equal(new Set(events).size, 1);
    assert.equal(events[0], "bundle_failed");
    assert.equal(lines.filter(({ level }) => level === "error").length, 1);
    state.bytes = pack(whole("r3"));
    await until(() => applied.length === 2);
    stop();
    assert.deepEqual(applied, ["r1", "r3"]);
  });

  test("keeps fetching a bundle that could not be applied", async () => {
    let failing = true;
    const { state, applied, stop, events } = await watched({}, async () => {
      if (failing) throw new Error("no worker takes it");
    });
    state.bytes = pack(whole("r2"));
    state.etag = '"2"';
    await until(() => events.length >= 2);
    assert.deepEqual(applied, ["r1"]);
    failing = false;
    await until(() => applied.length === 2);
    stop();
    assert.deepEqual(applied, ["r1", "r2"]);
  });

  test("recovers when the server is available again, and logs it", async () => {
    const { state, applied, stop, events, lines } = await watched();
    state.status = 503;
    await until(() => events.length >= 3);
    state.status = 200;
    await until(() => lines.some(({ message }) => message === "The bundle is available again"));
    stop();
    assert.deepEqual(applied, ["r1"]);
    assert.deepEqual(
      lines.filter(({ level }) => level === "error").map(({ reason }) => reason),
      ["The bundle server returned status 503"],
    );
  });

  test("sends no request after it is stopped", async () => {
    const { asked, seen, stop } = await watched();
    await seen(1);
    stop();
    const { length } = asked;
    // Five intervals.
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(asked.length <= length + 1);
  });
});

test("an unavailable bundle server is asked again until it sends a bundle", async () => {
  const { url, state } = await bundleServer(pack(whole()));
  state.status = 401;
  const { source: bundles, events, lines } = source(url);
  const applied: string[] = [];
  bundles.watch(async ({ revision }) => void applied.push(revision));
  await until(() => events.length >= 3);
  state.status = 200;
  await until(() => applied.length > 0);
  bundles.stop();
  assert.deepEqual(applied, ["r1"]);
  assert.equal(lines[0]?.["reason"], "The bundle server returned status 401");
  await assert.rejects(first("http://127.0.0.1:1/b"), /unreachable: ECONNREFUSED|bad port/);
});

test("an unsigned bundle is refused if there is a key, and the rules stay", built, async () => {
  const { url, state } = await bundleServer(rsaSigned());
  const verifier = createVerifier({ publicKeys: rsaKeys().publicKey });
  const { source: bundles, events, lines } = source(url, { verifier: () => verifier });
  const applied: string[] = [];
  bundles.watch(async ({ revision }) => void applied.push(revision));
  await until(() => applied.length > 0);
  state.bytes = pack(whole("evil"));
  state.etag = '"2"';
  await until(() => events.length > 0);
  bundles.stop();
  assert.equal(applied.length, 1);
  assert.equal(lines[0]?.["reason"], "The bundle is not signed");
});

test("a redirect to an insecure URL is refused", async () => {
  const bytes = pack(whole());
  const far = async () =>
    Object.defineProperty(new Response(new Uint8Array(bytes)), "url", { value: "http://cdn.example.com/b" });
  await assert.rejects(
    first("https://bundles.example.com/b", { fetch: far }),
    /redirects to an unencrypted connection/,
  );
});

/** Returns a tar archive with these header fields and contents. */
function tar(
  ...members: { name: string; type?: string; size?: string; content?: string; sum?: number }[]
): Buffer {
  const blocks = members.flatMap(({ name, type = "0", content = "", size, sum }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(size ?? Buffer.byteLength(content).toString(8).padStart(11, "0"), 124, 12, "latin1");
    header.write("        ", 148);
    header.write(type, 156);
    header.write("ustar\0", 257);
    const total = sum ?? header.reduce((a, b) => a + b, 0);
    header.write(`${total.toString(8).padStart(6, "0")}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
    body.write(content);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const hostile: [string, () => Buffer, RegExp][] = [
  ["nothing", () => Buffer.of(), /truncated/],
  ["a page of a proxy", () => Buffer.from("<html>".repeat(200)), /not a tar archive/],
  ["half a gzip", () => pack(whole()).subarray(0, 5000), /not valid gzip data, or is truncated/],
  [
    "half a tar",
    () => gzipSync(tar({ name: "a", content: "a".repeat(2000) }).subarray(0, 1000)),
    /truncated/,
  ],
  ["a wrong sum", () => gzipSync(tar({ name: "a", sum: 7 })), /not a tar archive/],
  ["a size below zero", () => gzipSync(tar({ name: "a", size: "-0000001000" })), /without a size/],
  ["a size beyond all", () => gzipSync(tar({ name: "a", size: "77777777777" })), /truncated/],
  [
    "a size in binary",
    () => gzipSync(tar({ name: "a", size: "\x80\0\0\0\0\0\0\0\0\0\0\x01" })),
    /without a size/,
  ],
  ["a way out", () => gzipSync(tar({ name: "../../etc/cron.d/a" })), /outside of the bundle/],
  ["a symbolic link", () => gzipSync(tar({ name: "policy.wasm", type: "2" })), /which is not a regular file/],
  ["a hard link", () => gzipSync(tar({ name: "policy.wasm", type: "1" })), /which is not a regular file/],
  ["a device", () => gzipSync(tar({ name: "policy.wasm", type: "3" })), /which is not a regular file/],
  ["a file twice", () => gzipSync(tar({ name: "a" }, { name: "./a" })), /"a" twice/],
  [
    "a file twice, by a long name",
    () => gzipSync(tar({ name: "a" }, { name: "x", type: "x", content: "9 path=a\n" }, { name: "b" })),
    /"a" twice/,
  ],
  [
    "a broken long name",
    () => gzipSync(tar({ name: "x", type: "x", content: "99 path=a\n" }, { name: "b" })),
    /invalid pax header/,
  ],
  [
    "very many files",
    () => gzipSync(tar(...Array.from({ length: 10_001 }, (_, i) => ({ name: String(i) })))),
    /more than 10000 files/,
  ],
  ["a bomb", () => gzipSync(Buffer.alloc(65 * 1024 * 1024)), /larger than 64 MiB after decompression/],
];
for (const [what, bytes, reason] of hostile)
  test(`an archive of ${what} is an error`, () => assert.rejects(unpackBundle(bytes()), reason));

test("an endless download is cut off", async () => {
  const endless = async () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) }),
    );
  await assert.rejects(first("https://bundles.example.com/b", { fetch: endless }), /larger than 32 MiB/);
});

test("archives of GNU tar are read: long names, directories, names with a dot, and uncompressed", async () => {
  const folder = scratch();
  const long = `${"d".repeat(80)}/${"e".repeat(80)}/${"f".repeat(120)}.rego`;
  for (const path of [long, "data.json", "kms/ü.rego"]) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
  for (const format of ["gnu", "pax"]) {
    run("tar", ["-cf", "out.tar", `--format=${format}`, "--exclude=out.tar", "."], folder);
    const files = await unpackBundle(readFileSync(join(folder, "out.tar")));
    assert.deepEqual([...files.keys()].sort(), ["data.json", long, "kms/ü.rego"].sort());
    for (const [path, content] of files) assert.equal(Buffer.from(content).toString(), path);
  }
});
