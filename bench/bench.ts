/**
 * Times the engine: warm, on small documents such as an admission gate judges, beside an empty one; and on documents of
 * many keys, the examples of the rules, repeated. `make bench`.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import opa from "@open-policy-agent/opa-wasm";
import { loadEngine } from "../src/core/engine/engine.ts";
import type { Document, Entity } from "../src/core/model/document.ts";

const root = new URL("..", import.meta.url).pathname;
const wasm = readFileSync(`${root}bundles/policy.wasm`);
const rules = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8"));

// Files of Terraform's source that stand side by side are one module, in which pass and fail would clash.
const paths = readdirSync(`${root}policies/kms/rules`)
  .map((rule) => `policies/kms/rules/${rule}/examples`)
  .flatMap((folder) => readdirSync(`${root}${folder}`).map((name) => `${folder}/${name}`))
  .filter((path) => !path.endsWith(".tf"));
const seed = normalized(...paths);

function normalized(...files: string[]): Document {
  const run = ["dist/cli.js", "normalize", ...files];
  return JSON.parse(execFileSync(process.execPath, run, { cwd: root, maxBuffer: 2 ** 28 }).toString());
}

/** Copies of a document that do not refer to each other. */
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

/** The same document with other ids, files and scopes. */
function renamed(document: Document, prefix: string): Document {
  const prefixed = new Set(["id", "file", "scope"]);
  return JSON.parse(JSON.stringify(document), (name, value) => {
    if (prefixed.has(name) && typeof value === "string") return prefix + value;
    return name === "keys" && typeof value[0] === "string" ? value.map((id: string) => prefix + id) : value;
  });
}

const policy = opa.loadPolicySync(wasm);
policy.setData({ keywarden: { settings: {} } });

/** Evaluations of a document in a second: the fastest of some rounds, which other programs disturb least. */
function rate(document: Document): number {
  const round = (times: number) => {
    const start = performance.now();
    for (let n = 0; n < times; n++) policy.evaluate(document, "kms/main");
    return (times / (performance.now() - start)) * 1000;
  };
  round(500);
  return Math.max(...Array.from({ length: 8 }, () => round(100)));
}

const nothing: Document = {
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
  ["(empty)", nothing],
  ...readdirSync(`${root}examples`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }): [string, Document] => [name, normalized(`examples/${name}/plan.json`)]),
];
// V8 compiles the module better once it is warm: the first figures would not be those of a server.
for (const [, document] of small) rate(document);
const empty = rate(nothing);
console.log(`${"example".padEnd(40)}  keys   per second  times an empty one`);
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
