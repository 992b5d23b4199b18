/**
 * Builds dist/keywarden-bundle.tar.gz for `keywarden serve --bundle`: policies/ compiled to WebAssembly, and as data the
 * METADATA of the rules (`keywarden.rules`) and the rule settings from `--data` (`keywarden.settings`). `--key private.pem`
 * signs the bundle. `--sequence` orders bundles: servers refuse a signed bundle with a lower number than the last. It is the
 * build time by default, or SOURCE_DATE_EPOCH. With the same sequence number, the build is reproducible, also with an RSA
 * signature; ECDSA signatures differ each time.
 * Requires bundles/rules.json from `make build`.
 */
import { createPrivateKey } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { moduleRevision } from "../src/core/engine/revision.ts";
import { unpackBundle } from "../src/hosts/server/bundle/archive.ts";
import { readData } from "../src/node/data.ts";
import { readRuleSettings } from "../src/session/rule-settings.ts";
import { IGNORE, run, stop } from "./opa.ts";

const root = new URL("..", import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    key: { type: "string" },
    data: { type: "string" },
    revision: { type: "string" },
    sequence: { type: "string" },
    output: { type: "string", default: join(root, "dist/keywarden-bundle.tar.gz") },
  },
});

const stage = mkdtempSync(join(tmpdir(), "keywarden-bundle-"));
process.on("exit", () => rmSync(stage, { recursive: true, force: true }));
const rules = JSON.parse(readFileSync(join(root, "bundles/rules.json"), "utf8"));
const settings = values.data && settingsIn(values.data);
const at = (name: string) => join(stage, name);
cpSync(join(root, "policies/kms"), at("kms"), { recursive: true });
writeFileSync(at("data.json"), JSON.stringify({ keywarden: { rules, ...(settings ? { settings } : {}) } }));
const metadata = { keywarden: { sequence: sequenceNumber() } };
writeFileSync(at(".manifest"), JSON.stringify({ roots: ["keywarden", "kms"], metadata }));

const build = (output: string, ...more: string[]) =>
  run(stage, "build", "-b", "-t", "wasm", "-e", "kms/main", ...IGNORE, ...more, "-o", output, ".");

// The revision depends on the module, so the bundle is built twice.
const unsigned = `${stage}.tar.gz`;
process.on("exit", () => rmSync(unsigned, { force: true }));
build(unsigned);
const wasm =
  (await unpackBundle(readFileSync(unsigned))).get("policy.wasm") ?? stop("opa build: no policy.wasm");
const revisionInput = settings ? Buffer.concat([wasm, Buffer.from(JSON.stringify(settings))]) : wasm;
const output = resolve(values.output);
mkdirSync(join(output, ".."), { recursive: true });
build(output, "--revision", values.revision || moduleRevision(revisionInput), ...signing());

function sequenceNumber(): number {
  // https://reproducible-builds.org/docs/source-date-epoch/
  const text = values.sequence || process.env["SOURCE_DATE_EPOCH"] || String(Math.floor(Date.now() / 1000));
  const sequence = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(sequence)) stop(`--sequence: ${text} is not an integer`);
  return sequence;
}

function signing(): string[] {
  if (!values.key) return [];
  const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(readFileSync(values.key));
  const curve = asymmetricKeyDetails?.namedCurve ?? "";
  const curves: { [curve: string]: string } = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
  const algorithm = asymmetricKeyType === "rsa" ? "RS256" : curves[curve];
  if (algorithm === undefined) stop(`${values.key}: not an RSA key, or an ECDSA key on a NIST curve`);
  return ["--signing-key", resolve(values.key), "--signing-alg", algorithm];
}

function settingsIn(path: string) {
  const read = readRuleSettings(new Map([[path, readData(path)]]), rules);
  if (!Array.isArray(read)) return read;
  stop(read.map(({ file, line, message, remedy }) => `${file}:${line}: ${message} ${remedy}`).join("\n"));
}
