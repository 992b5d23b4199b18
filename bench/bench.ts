/** Times the engine on documents of many keys: the examples of the rules, repeated. `make bench`. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { loadEngine } from "../src/engine/engine.ts";
import type { Document, Entity } from "../src/model/document.ts";

const root = new URL("..", import.meta.url).pathname;
const wasm = readFileSync(`${root}bundles/policy.wasm`);
const rules = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8"));

const paths = readdirSync(`${root}policies/kms/rules`).map((rule) => `policies/kms/rules/${rule}/examples`);
const seed: Document = JSON.parse(
  execFileSync(process.execPath, ["dist/cli.js", "normalize", ...paths], {
    cwd: root,
    maxBuffer: 2 ** 28,
  }).toString(),
);

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

console.log("  keys  batch  load ms  evaluate ms  findings");
for (const times of [1, 4, 16])
  for (const batch of [50, 200, 800]) {
    const document = repeated(times);
    const start = performance.now();
    const engine = loadEngine(wasm, rules, batch);
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
