import { spawnSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { SignJWT } from "jose";
import { createTar } from "nanotar";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const opa = join(root, ".cache/bin/opa");
export const built = { skip: existsSync(opa) ? false : "opa is not built: make tools" };

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Creates a directory that is removed when the process exits, so that hooks can share it. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-server-"));
  folders.push(folder);
  return folder;
}

export function run(command: string, args: string[], cwd = root): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${[command, ...args].join(" ")}\n${stdout}${stderr}`);
  return stdout;
}

/** Returns the bundle that `make bundle` builds. */
export function makeBundle(...args: string[]): Buffer {
  const output = join(scratch(), "bundle.tar.gz");
  run(process.execPath, ["--import", "tsx", "scripts/policy-bundle.ts", "--output", output, ...args]);
  return readFileSync(output);
}

export interface Keys {
  privateKey: KeyObject;
  /** The private key file, PEM. */
  path: string;
  /** PEM. */
  publicKey: string;
}

export function keys(kind: "rsa" | "ec"): Keys {
  const { privateKey, publicKey } =
    kind === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  // `opa sign` reads these formats.
  const type = kind === "rsa" ? "pkcs1" : "sec1";
  const path = join(scratch(), `${kind}.pem`);
  writeFileSync(path, privateKey.export({ type, format: "pem" } as { type: "pkcs1"; format: "pem" }));
  return { privateKey, path, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

type Content = string | Uint8Array;

export const pack = (files: Iterable<[string, Content]>): Buffer =>
  gzipSync(
    createTar(
      [...files].map(([name, data]) => ({ name, data: typeof data === "string" ? Buffer.from(data) : data })),
    ),
  );

/** Returns a `.signatures.json` in the format of `opa sign`. */
export async function signed(claims: object, key: KeyObject | Uint8Array, alg: string, kid = "default") {
  const token = await new SignJWT({ ...claims }).setProtectedHeader({ alg, kid }).sign(key);
  return JSON.stringify({ signatures: [token], plugin: "_default" });
}

const committed = (path: string): Buffer => readFileSync(join(root, path));

/** Returns the files of a bundle with the committed rules. */
export const bundleFiles = (manifest: object = {}): Map<string, Content> =>
  new Map<string, Content>([
    ["data.json", JSON.stringify({ keywarden: { rules: JSON.parse(`${committed("bundles/rules.json")}`) } })],
    [".manifest", JSON.stringify({ roots: ["keywarden", "kms"], ...manifest })],
    ["policy.wasm", committed("bundles/policy.wasm")],
  ]);

/** Returns a bundle without a signature. Takes no time, unlike `makeBundle`. */
export const unsignedBundle = (revision: string): Buffer => pack(bundleFiles({ revision }));

/** Returns a bundle that `opa sign` signed, with a sequence number if there is one. */
export function signedBundle(key: Keys, revision: string, sequence?: unknown): Buffer {
  const folder = scratch();
  const metadata = sequence === undefined ? {} : { metadata: { keywarden: { sequence } } };
  const files = bundleFiles({ revision, ...metadata });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  const alg = key.privateKey.asymmetricKeyType === "rsa" ? "RS256" : "ES256";
  const signing = ["--signing-key", key.path, "--signing-alg", alg, "--output-file-path", "."];
  run(opa, ["sign", ...signing, "--bundle", "."], folder);
  return pack([...files, [".signatures.json", readFileSync(join(folder, ".signatures.json"))]]);
}

/** Starts a bundle server that sends ETags, as nginx and S3 do. */
export async function bundleServer(bytes: Uint8Array) {
  const asked: { headers: IncomingHttpHeaders; status: number }[] = [];
  const state = { bytes, etag: '"1"' as string | undefined, status: 200 };
  const server = createServer(({ headers }, response) => {
    const known = state.etag !== undefined && headers["if-none-match"] === state.etag;
    const status = state.status === 200 && known ? 304 : state.status;
    asked.push({ headers, status });
    response.writeHead(status, state.etag === undefined ? {} : { etag: state.etag });
    response.end(status === 200 ? state.bytes : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  after(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { state, asked, url: `http://127.0.0.1:${port}/bundles/keywarden.tar.gz` };
}

/** Creates telemetry that collects log lines, events, and times of bundles. */
export function telling() {
  const lines: { level: string; message: string; [field: string]: unknown }[] = [];
  const events: string[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ ...fields, level, message });
  const log = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const times = new Map<string, Date>();
  return {
    lines,
    events,
    times,
    log,
    count: (event: string) => void events.push(event),
    setBundleTime: (event: string, time: Date) => void times.set(event, time),
  };
}
