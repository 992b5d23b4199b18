import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseSync, Visitor } from "oxc-parser";

const root = new URL("../src/", import.meta.url).pathname;

/** Files that may use a dangerous feature, and why. */
const allowed: { [feature: string]: { [file: string]: string } } = {
  "node:child_process": { "hosts/action/main.ts": "runs the command line, by its path and without a shell" },
  "node:worker_threads": {
    "hosts/server/worker-slot.ts": "runs its own worker",
    "hosts/server/worker.ts": "is the worker",
  },
  "computed import": { "hosts/cli/cli.ts": "loads serve.js from the package" },
  "computed require": { "node/config.ts": "runs a config file that the user named" },
};

/** Modules that execute code or commands. */
const executing = ["child_process", "vm", "worker_threads", "inspector", "cluster", "repl", "wasi"];
const markup = ["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc", "write", "writeln"];

/** Returns the dangerous features that a file uses. */
function features(path: string, text: string): string[] {
  const found: string[] = [];
  const add = (feature: string) => found.push(feature);
  const load = (source: { type: string; value?: unknown } | undefined, kind: string) => {
    if (source?.type !== "Literal") add(`computed ${kind}`);
    else if (executing.includes(String(source.value).replace(/^node:/, ""))) add(String(source.value));
  };
  const isNamed = (node: { type: string }, ...names: string[]) =>
    node.type === "Identifier" && names.includes((node as unknown as { name: string }).name);
  new Visitor({
    ImportDeclaration: ({ source }) => load(source, "import"),
    ImportExpression: ({ source }) => load(source, "import"),
    CallExpression({ callee, arguments: [first] }) {
      if (isNamed(callee, "eval", "Function")) add("eval");
      if (isNamed(callee, "require")) load(first, "require");
      if (callee.type === "CallExpression" && isNamed(callee.callee, "createRequire")) load(first, "require");
      if (isNamed(callee, "setTimeout", "setInterval") && first?.type === "Literal") add("eval");
    },
    NewExpression({ callee }) {
      if (isNamed(callee, "Function", "AsyncFunction", "GeneratorFunction")) add("eval");
    },
    MemberExpression({ object, property }) {
      if (property.type === "Identifier" && markup.slice(0, 4).includes(property.name)) add("markup");
      if (isNamed(object, "document") && isNamed(property, ...markup)) add("markup");
      if (isNamed(property, "constructor") && object.type === "FunctionExpression") add("eval");
    },
  }).visit(parseSync(path, text).program);
  return found;
}

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
  /\.[cm]?[jt]s$/.test(path),
);

test("no source file runs text as code, starts programs or writes markup, except those listed", () => {
  const used = files.flatMap((path) =>
    features(path, readFileSync(join(root, path), "utf8")).map((feature) => `${feature}: ${path}`),
  );
  const expected = Object.entries(allowed).flatMap(([feature, paths]) =>
    Object.keys(paths).map((path) => `${feature}: ${path}`),
  );
  assert.deepEqual([...new Set(used)].sort(), expected.sort());
});

const dangerous: [text: string, feature: string][] = [
  ["eval(x)", "eval"],
  ["new Function(x)", "eval"],
  ["Function(x)()", "eval"],
  ['setTimeout("x()", 1)', "eval"],
  ['import vm from "node:vm"', "node:vm"],
  ['import { exec } from "child_process"', "child_process"],
  ['require("node:child_process")', "node:child_process"],
  ["await import(x)", "computed import"],
  ["require(x)", "computed require"],
  ["createRequire(y)(x)", "computed require"],
  ["element.innerHTML = x", "markup"],
  ["document.write(x)", "markup"],
];

for (const [text, feature] of dangerous)
  test(`a dangerous feature is found: ${text}`, () => assert.deepEqual(features("a.ts", text), [feature]));

/** Files that compile a regular expression from a value, and why no input can choose an expression that is slow. */
const expressions: { [file: string]: string } = {
  "core/analysis/context.ts": "literals with .+ between them, for the ARNs of one policy",
  "core/formats/cloudformation/pattern.ts": "rejects expressions that may be slow",
  "core/formats/cloudformation/reference-kinds.ts": "a constant",
  "core/formats/key-policy/recognize.ts": "a constant",
  "core/formats/terraform-plan/placeholders.ts": "a constant",
  "core/key-policy/principal.ts": "constants",
  "core/model/pattern.ts": "accepts only RE2 syntax",
  "hosts/cli/namespaces.ts": "tests one constant",
  "session/config/script.ts": "literals, for a config file that the user named",
  "session/rule-settings.ts": "a constant of the schema",
};

test("regular expressions are compiled from values only where listed", () => {
  const compiling = files.filter(
    (path) =>
      !path.startsWith("session/generated/") &&
      /\b(?:new )?RegExp\((?!["'`][^$]*["'`])/.test(readFileSync(join(root, path), "utf8")),
  );
  assert.deepEqual(compiling.sort(), Object.keys(expressions).sort());
});
