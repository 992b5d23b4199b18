import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { parseSync } from "oxc-parser";

const root = new URL("../src/", import.meta.url).pathname;

/** From the bottom up: a layer imports from itself and from the layers named here, type imports included. */
const layers: { [layer: string]: string[] } = {
  "core/model": [],
  "core/parse": ["core/model"],
  "core/glob": [],
  "core/key-policy": ["core/model", "core/parse"],
  "core/formats": ["core/model", "core/parse", "core/key-policy"],
  "core/engine": ["core/model"],
  "core/analysis": ["core/model", "core/key-policy"],
  "core/link": ["core/model", "core/key-policy"],
  "core/options": ["core/model", "core/engine", "core/formats"],
  "core/suppress": [
    "core/model",
    "core/parse",
    "core/glob",
    "core/key-policy",
    "core/engine",
    "core/options",
  ],
  "core/findings": ["core/model", "core/parse", "core/engine", "core/options", "core/suppress"],
  "core/pipeline": ["core"],
  node: ["core/model", "core/parse"],
  reporters: ["core/model"],
  session: ["core", "node"],
  gate: ["core", "session", "reporters"],
  hosts: ["core", "session", "node", "reporters", "gate"],
};

interface File {
  path: string;
  /** Paths of files below src/, and names of packages. */
  imports: string[];
  exports: string[];
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => /(?<!\.d)\.c?ts$/.test(path))
  .map((path): File => {
    const text = readFileSync(join(root, path), "utf8");
    const { module } = parseSync(path, text);
    const required = [...text.matchAll(/(?:require|import)\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const reExported = module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    );
    const names = [
      ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
      ...reExported,
      ...required,
    ];
    const own = module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, exportName }) =>
        moduleRequest === null ? (exportName.name ?? []) : [],
      ),
    );
    const resolved = (name: string) => relative(root, join(root, dirname(path), name));
    return {
      path,
      imports: [...new Set(names.map((name) => (name.startsWith(".") ? resolved(name) : name)))],
      exports: own,
    };
  });

const byPath = new Map(files.map((file) => [file.path, file]));

/** Returns the layer of a file: its directory, or its name if it is directly in core/. */
function layerOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "core" ? `core/${second.replace(/\.c?ts$/, "")}` : first;
}

const inside = ({ imports }: File) =>
  imports.filter((path) => /\.c?ts$/.test(path) && !path.startsWith(".."));

test("imports point down the layers, type imports included", () => {
  const upwards = files.flatMap((file) => {
    const layer = layerOf(file.path);
    const allowed = layers[layer];
    assert.ok(allowed, `${file.path} is in no layer of this test`);
    return inside(file)
      .filter((path) => {
        const other = layerOf(path);
        return other !== layer && !allowed.some((name) => other === name || other.startsWith(`${name}/`));
      })
      .map((path) => `${file.path} imports ${path}`);
  });
  assert.deepEqual(upwards, []);
});

test("hosts never import each other", () => {
  const hostOf = (path: string) => path.split("/")[1];
  const across = files
    .filter(({ path }) => path.startsWith("hosts/"))
    .flatMap((file) =>
      inside(file)
        .filter((path) => path.startsWith("hosts/") && hostOf(path) !== hostOf(file.path))
        .map((path) => `${file.path} imports ${path}`),
    );
  assert.deepEqual(across, []);
});

test("no file imports itself through others, type imports included", () => {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of inside(byPath.get(path) ?? { path, imports: [], exports: [] }))
      visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  assert.deepEqual(cycles, []);
});

test("one place evaluates rules, and only node/ and hosts touch files", () => {
  const users = (isMeant: (name: string) => boolean) =>
    files.filter(({ imports }) => imports.some(isMeant)).map(({ path }) => path);
  assert.deepEqual(
    users((name) => name === "@open-policy-agent/opa-wasm"),
    ["core/engine/engine.ts"],
  );
  const readers = users((name) => /^node:(fs|child_process|worker_threads)/.test(name));
  assert.deepEqual(
    readers.filter((path) => !/^(node|hosts)\//.test(path)),
    [],
  );
});

test("an exported name is exported by one file", () => {
  const by = new Map<string, string[]>();
  // The library has one set of public names, with one entry point for Node and one for browsers.
  for (const { path, exports } of files.filter(({ path }) => path !== "hosts/library/browser.ts"))
    for (const name of new Set(exports)) by.set(name, [...(by.get(name) ?? []), path]);
  const twice = [...by].filter(([, paths]) => paths.length > 1);
  assert.deepEqual(
    twice.map(([name, paths]) => `${name}: ${paths.join(", ")}`),
    [],
  );
});
