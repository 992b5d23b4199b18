import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { argumentsOf, runAction, truncateSummary } from "../src/hosts/action/action.ts";
import { root, scratch } from "./integration/support.ts";

interface Action {
  inputs: { [name: string]: { description: string; default: string } };
  outputs: { [name: string]: { description: string } };
  runs: { using: string; main: string };
}

const action = load(readFileSync(join(root, "action.yml"), "utf8")) as Action;
const files = { json: "report.json", markdown: "summary.md" };
const folder = scratch();

/** The environment in which GitHub runs the action: every input has a variable, its default where none is given. */
function environment(inputs: { [name: string]: string } = {}): { [name: string]: string } {
  const all = Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default]);
  for (const name of Object.keys(inputs))
    assert.ok(name in action.inputs, `${name} is an input of action.yml`);
  return Object.fromEntries(all.map(([name = "", value = ""]) => [`INPUT_${name.toUpperCase()}`, value]));
}

const cases: { name: string; inputs: { [name: string]: string }; args: string[] | string }[] = [
  {
    name: "without inputs everything is checked, for the log and the summary",
    inputs: {},
    args: [
      "--output",
      "github",
      "--output",
      "json=report.json",
      "--output",
      "markdown=summary.md",
      "--",
      ".",
    ],
  },
  {
    name: "inputs become options; lists have one element a line",
    inputs: {
      paths: "infra\n  my policies/key.json\n",
      config: "kms.yaml",
      output: "stdout\nhtml=report.html",
      "fail-on-warn": "true",
      "fail-on-unknown": "public_access\nfull_access",
      "sarif-file": "keywarden.sarif",
      summary: "false",
      args: "--account=111122223333\n--var-file=prod.tfvars",
    },
    args: [
      ...["--config-file", "kms.yaml", "--output", "stdout", "--output", "html=report.html"],
      ...["--output", "json=report.json", "--output", "sarif=keywarden.sarif", "--fail-on-warn"],
      "--fail-on-unknown=public_access,full_access",
      ...["--account=111122223333", "--var-file=prod.tfvars", "--", "infra", "my policies/key.json"],
    ],
  },
  { name: "a path is no option", inputs: { paths: "--no-fail" }, args: [] },
  {
    name: "yes is no boolean",
    inputs: { "fail-on-warn": "yes" },
    args: "fail-on-warn must be true or false.",
  },
  { name: "nor is 1", inputs: { summary: "1" }, args: "summary must be true or false." },
  {
    name: "nothing to check is no pass",
    inputs: { paths: "\n" },
    args: "paths is empty. List the files or directories to check, one per line.",
  },
];

for (const { name, inputs, args } of cases)
  test(name, () => {
    const given = argumentsOf(environment(inputs), files);
    if (typeof args === "string") assert.equal(given, args);
    else if (args.length > 0) assert.deepEqual(given, ["test", ...args]);
    else assert.deepEqual(given.slice(-2), ["--", inputs.paths]);
  });

/** Runs the action with a command line that writes reports and ends with a code. */
function acted(
  inputs: { [name: string]: string },
  code: number | null,
  reports: { [format: string]: string },
) {
  const paths = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary") };
  for (const path of Object.values(paths)) writeFileSync(path, "");
  const log: string[] = [];
  let temporary = "";
  const env = { ...environment(inputs), ...paths, RUNNER_TEMP: folder };
  const run = (args: string[]) => {
    for (const [format, path] of args.map((arg) => arg.split("="))) {
      if (path !== undefined && format === "json") temporary = path;
      if (path !== undefined && format !== undefined && format in reports)
        writeFileSync(path, reports[format] as string);
    }
    return code;
  };
  const ended = runAction(env, run, (line) => log.push(line));
  assert.ok(temporary === "" || !existsSync(temporary), "nothing temporary is left");
  const text = readFileSync(paths.GITHUB_OUTPUT, "utf8");
  const outputs = Object.fromEntries(
    [...text.matchAll(/^(.+)<<(keywarden-[\w-]{36})\n(.*)\n\2\n/gm)].map(([, name = "", , value]) => [
      name,
      value,
    ]),
  );
  for (const name of Object.keys(outputs)) assert.ok(name === "" || name in action.outputs, name);
  return { code: ended, log, outputs, summary: readFileSync(paths.GITHUB_STEP_SUMMARY, "utf8") };
}

test("a step hands on the counts, the summary and the code", () => {
  const json = JSON.stringify([
    { filename: "a.json", failures: [{}, {}], skipped: [{}] },
    { filename: "b.json", failures: [{}], warnings: [{}] },
  ]);
  const sarif = join(folder, "keywarden.sarif");
  const reports = { json, markdown: "# Report\n", sarif: "{}" };
  const { log, summary, code, outputs } = acted({ "sarif-file": sarif }, 1, reports);
  assert.deepEqual({ log, summary, code }, { log: [], summary: "# Report\n", code: 1 });
  assert.deepEqual(outputs, {
    "exit-code": "1",
    "sarif-file": sarif,
    failures: "3",
    warnings: "1",
    unknown: "1",
  });
  assert.deepEqual(Object.keys(outputs).sort(), Object.keys(action.outputs).sort());
});

for (const code of [3, null])
  test(`a run that ends with ${code ?? "a signal"} is incomplete, and has no counts`, () => {
    const { outputs, log, code: ended } = acted({ "sarif-file": join(folder, "none.sarif") }, code, {});
    assert.equal(ended, 3);
    assert.match(log.join("\n"), /^::error title=Keywarden::The check is incomplete/);
    assert.deepEqual(outputs, { "exit-code": "3", "sarif-file": "" });
  });

test("a wrong input is said where people see it", () => {
  const { code, log } = acted({ summary: "maybe" }, 0, {});
  assert.equal(code, 3);
  assert.deepEqual(log, ["::error title=Keywarden::summary must be true or false."]);
});

test("a summary that GitHub would refuse is cut after a line, and says so", () => {
  assert.equal(truncateSummary("short\n", 1000), "short\n");
  const text = truncateSummary("a line of € signs\n".repeat(100), 1000);
  assert.ok(Buffer.byteLength(text) <= 1000);
  assert.match(text, /a line of € signs\n\n\*The report is longer.*\*\n$/);
});

test("GitHub finds the program that the build makes", () => {
  assert.equal(action.runs.using, "node24");
  assert.ok(existsSync(join(root, action.runs.main)), action.runs.main);
});
