import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { output, root, run, scratch } from "../support.ts";

const folder = scratch();
const installed = join(folder, "node_modules/keywarden");
let archive = "";

before(() => {
  for (const script of ["build:types", "build:compressed"])
    output("npm", ["run", "--silent", script], { cwd: root });
  const name = output("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: root,
  });
  archive = join(folder, name);
  mkdirSync(installed, { recursive: true });
  output("tar", ["xzf", archive, "--strip-components=1", "--directory", installed], { cwd: folder });
});

const write = (path: string, text: string): string => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
};
const node = (file: string, ...flags: string[]) =>
  output(process.execPath, [...flags, file], { cwd: folder });

const use = `
const report = check([{ path: "t.json", text: '{"Resources": {"A": {"Type": "AWS::KMS::Key"}}}' }]);
console.log(report.findings.some(({ rule }) => rule === "alias_missing"));
`;

test("import and require load the same library", () => {
  assert.equal(node(write("a.mjs", `import { check } from "keywarden";${use}`)), "true");
  assert.equal(node(write("a.cjs", `const { check } = require("keywarden");${use}`)), "true");
  const both = `const one = require("keywarden"); import("keywarden").then((other) => {
    console.log(one.CheckError === other.CheckError, Object.keys(one).every((name) => one[name] === other[name]));
  });`;
  assert.equal(node(write("b.cjs", both)), "true true");
});

test("only the listed names are exported", () => {
  const names = ["CheckError", "baselineOf", "check", "createChecker", "emptyPart", "keyWithPolicy"];
  const all = [...names, "loadConfig", "normalize", "passed", "render", "rules", "version"].sort();
  const said = (from: string) =>
    node(write("c.mjs", `import * as all from "${from}"; console.log(Object.keys(all).join());`));
  assert.equal(said("keywarden"), all.join());
  assert.equal(said("keywarden/browser"), all.filter((name) => name !== "loadConfig").join());
});

test("internal modules cannot be imported", () => {
  const inside = write("d.mjs", 'await import("keywarden/dist/cli.js");');
  assert.match(run(process.execPath, [inside], { cwd: folder }).stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

const typed = `
import { CheckError, type CheckerOptions, type Checker, createChecker, type Finding, type Key, loadConfig, normalize, type Report } from "keywarden";
const options: CheckerOptions = { levels: { alias_missing: "off" }, config: { preset: "strict", quiet: true } };
const checker: Checker = createChecker(options);
const report: Report = checker.check([{ path: "a", text: "" }], { signal: AbortSignal.timeout(1) });
const level: "error" | "warning" | "note" | "off" | undefined = report.findings[0]?.level;
const keys: Key[] = normalize([], { config: loadConfig() }).document.keys;
export async function all(): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const finding of checker.stream([])) found.push(finding);
  return found;
}
try { checker.ignores("a"); } catch (error) {
  if (error instanceof CheckError && error.code === "aborted") throw error;
  // @ts-expect-error: the codes are a closed list
  if (error instanceof CheckError && error.code === "abortd") throw error;
}
// @ts-expect-error: there is no such option
createChecker({ levles: {} });
console.log(level, keys);
`;

for (const [kind, file, options] of [
  ["ES modules", "ts/a.mts", { module: "NodeNext" }],
  ["CommonJS", "ts/a.cts", { module: "NodeNext" }],
  ["CommonJS that Node 16 knew", "ts/b.cts", { module: "Node16" }],
  ["a bundler", "ts/c.ts", { module: "ESNext", moduleResolution: "bundler" }],
] as [string, string, object][])
  test(`the types are right for ${kind}`, () => {
    write(file, typed);
    const compilerOptions = {
      ...options,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      target: "ES2022",
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    };
    const project = write(`${file}.json`, JSON.stringify({ compilerOptions, files: [join(folder, file)] }));
    const { stdout } = run("npx", ["--no-install", "tsc", "-p", project], { cwd: root });
    const ours = stdout.split("\n").filter((line) => /keywarden|ts\/[abc]\./.test(line));
    assert.deepEqual(ours, []);
    assert.doesNotMatch(stdout, /TS(18003|5\d{3}|2688)/, stdout);
  });

test("publint and Are The Types Wrong report no problems", () => {
  output("npx", ["--no-install", "publint", "--strict", archive], { cwd: root });
  const wrong = (...args: string[]) =>
    output("npx", ["--no-install", "attw", "--no-emoji", "--format", "ascii", archive, ...args], {
      cwd: root,
    });
  wrong("--entrypoints", ".", "cdk");
  // ES modules alone: browsers and Lambda import, and every Node from 20.19 on can require them.
  wrong("--ignore-rules", "cjs-resolves-to-esm", "--entrypoints", "browser", "aws-lambda");
});

test("every other entry can be imported, required and resolved", () => {
  const told = `
    for (const [entry, name] of [["browser", "createChecker"], ["aws-lambda", "handler"], ["cdk", "KeywardenPlugin"]]) {
      console.log(entry, typeof (await import("keywarden/" + entry))[name]);
    }
    const { createRequire } = await import("node:module");
    const require = createRequire(import.meta.url);
    console.log(typeof require("keywarden/cdk").KeywardenPlugin);
    for (const file of ["bundles/policy.wasm", "bundles/terraform.wasm.br", "bundles/rules.json", "bundles/bundle.tar.gz"])
      console.log((await import("node:fs")).statSync(require.resolve("keywarden/" + file)).size > 0);
    console.log(require("keywarden/schemas/document.json").$schema !== undefined);`;
  assert.equal(
    node(write("f.mjs", told)),
    ["browser function", "aws-lambda function", "cdk function", "function", ...Array(5).fill("true")].join(
      "\n",
    ),
  );
});

test("a bundler that builds for browsers resolves the browser library", () => {
  const entry = write("e.mjs", `import { createChecker } from "keywarden"; console.log(createChecker);`);
  const bundled = join(folder, "bundled.js");
  const args = [entry, "--bundle", "--format=esm", "--platform=browser", `--outfile=${bundled}`];
  output("npx", ["--no-install", "esbuild", "--log-level=error", ...args], { cwd: root });
  assert.doesNotMatch(readFileSync(bundled, "utf8"), /from "node:|require\("/);
});
