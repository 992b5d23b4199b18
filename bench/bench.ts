/**
 * Measures the engine: warm, on small documents like those of an admission request, compared with an empty one; then on
 * documents with many keys, which repeat the examples of the rules. `make bench`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import opa from "@open-policy-agent/opa-wasm";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Document, Entity } from "../src/core/model/document.ts";

const root = new URL("..", import.meta.url).pathname;
const wasm = readFileSync(`${root}bundles/policy.wasm`);
const rules = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8"));

// Terraform files in one directory are one module, so passing and failing examples would conflict.
const paths = readdirSync(`${root}policies/kms/rules`)
  .map((rule) => `policies/kms/rules/${rule}/examples`)
  .flatMap((folder) => readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`))
  .filter((path) => !path.endsWith(".tf"));
const seed = normalized(...paths);

function normalized(...files: string[]): Document {
  const run = ["dist/cli.js", "normalize", ...files];
  return JSON.parse(execFileSync(process.execPath, run, { cwd: root, maxBuffer: 2 ** 28 }).toString());
}

/** Returns a document with several copies of the resources, which don't refer to each other. */
function repeated(times: number): Document {
  const copies = Array.from({ length: times }, (_, n) => renamed(seed, `copy${n}/`));
  const all = <T extends Entity>(pick: (document: Document) => T[]) => copies.flatMap(pick);
  return {
    ...seed,
    keys: all((d) => d.keys),
    aliases: all((d) => d.aliases),
    grants: all((d) => d.grants),
    identityPolicies: all((d) => d.identityPolicies),
    consumers: all((d) => d.consumers),
    shares: all((d) => d.shares),
  };
}

/** Returns a document with a prefix for its IDs, files and scopes. */
function renamed(document: Document, prefix: string): Document {
  const prefixed = new Set(["id", "file", "scope"]);
  return JSON.parse(JSON.stringify(document), (name, value) => {
    if (prefixed.has(name) && typeof value === "string") return prefix + value;
    return name === "keys" && typeof value[0] === "string" ? value.map((id: string) => prefix + id) : value;
  });
}

const policy = opa.loadPolicySync(wasm);
policy.setData({ keywarden: { settings: {} } });

/** Returns the evaluations per second in the fastest round, which other programs affect least. */
function rate(document: Document): number {
  const round = (times: number) => {
    const start = performance.now();
    for (let n = 0; n < times; n++) policy.evaluate(document, "kms/main");
    return (times / (performance.now() - start)) * 1000;
  };
  round(500);
  return Math.max(...Array.from({ length: 8 }, () => round(100)));
}

const emptyDocument: Document = {
  ...seed,
  keys: [],
  aliases: [],
  grants: [],
  identityPolicies: [],
  consumers: [],
  shares: [],
  secrets: [],
  removals: [],
};
const small: [string, Document][] = [
  ["(empty)", emptyDocument],
  ...readdirSync(`${root}examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }): [string, Document] => [name, normalized(`examples/${name}/plan.json`)]),
];
// V8 optimizes the module while it runs. Without a warm-up, the first results would not be those of a server.
for (const [, document] of small) rate(document);
const empty = rate(emptyDocument);
console.log(`${"example".padEnd(40)}  keys   per second      times an empty`);
for (const [name, document] of small) {
  const each = rate(document);
  const columns = [document.keys.length, each.toFixed(0), (empty / each).toFixed(1)];
  console.log(
    name.padEnd(40) + columns.map((column, n) => String(column).padStart([6, 13, 20][n] ?? 0)).join(""),
  );
}

console.log("\n  keys  batch  load ms  evaluate ms  findings");
for (const times of [1, 4, 16])
  for (const batch of [50, 200, 800]) {
    const document = repeated(times);
    const start = performance.now();
    const engine = loadEngine(wasm, rules, { batchSize: batch });
    const loaded = performance.now();
    const findings = engine.evaluate(document);
    const end = performance.now();
    const columns = [
      document.keys.length,
      batch,
      (loaded - start).toFixed(0),
      (end - loaded).toFixed(0),
      findings.length,
    ];
    console.log(columns.map((column) => String(column).padStart(8)).join(""));
  }
