import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, cpSync, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { test } from "node:test";
import { inFolder, keywarden, root, samples } from "../../cli/program.ts";
import { readers } from "./results.ts";

/**
 * What conftest does with the documents that `keywarden normalize` prints, and `keywarden test` with the inputs they are
 * made of. A document has the name of its input, and each program runs in a folder of its own.
 */
const conftest = join(root, ".cache/bin/conftest");
const skip = existsSync(conftest) ? false : "conftest is not built: make tools";
const file = inFolder();
const folder = process.cwd();

const examples = [
  "examples/cross-account-without-root/plan.json",
  "examples/multi-region-replica-without-policy/template.yaml",
  "policies/kms/rules/immutable_change/examples/unknown.plan.json",
  "policies/kms/rules/root_access_missing/examples/fail.cloudformation.yaml",
  "policies/kms/rules/condition_never_matches/examples/fail.policy.json",
];
const all = [...Object.keys(samples).map((name) => `${name}.yaml`), ...examples.map(nameOf)];

interface Pair {
  inputs: string[];
  flags: string[];
  code: number;
  /** Where it differs from conftest's on purpose. */
  ours?: number;
  because?: string;
  /** The form in which the results are compared. */
  form?: string;
  /** Nothing is printed; or what is printed is no result. */
  prints?: "nothing" | "errors";
}

const one = (input: string, code: number, ...flags: string[]): Pair => ({
  inputs: [`${input}.yaml`],
  flags,
  code,
});
const everything = (form: string): Pair => ({ inputs: all, flags: ["-o", form], code: 1, form });
const wrong = (pair: Pair): Pair => ({ ...pair, prints: "errors" });

const notes = "notes and what cannot be decided never change the exit code";
const incomplete = "an answer that is not complete is no failure";
const silent = "to check nothing is no pass";

const pairs: Pair[] = [
  ...Object.keys(readers).map(everything),

  one("good", 0),
  one("note", 0),
  one("unknown", 0),
  one("warning", 0),
  one("error", 1),
  one("good", 0, "--fail-on-warn"),
  one("warning", 1, "--fail-on-warn"),
  one("warning", 1, "--fail-on-warn=true"),
  one("warning", 0, "--fail-on-warn=false"),
  one("error", 2, "--fail-on-warn"),
  { ...one("note", 1, "--fail-on-warn"), ours: 0, because: notes },
  { ...one("unknown", 1, "--fail-on-warn"), ours: 0, because: notes },
  one("error", 0, "--no-fail"),
  one("warning", 0, "--no-fail", "--fail-on-warn"),
  { ...one("warning", 0, "--quiet"), prints: "nothing" },
  one("error", 1, "--quiet"),
  one("error", 0, "--quiet", "--no-fail"),
  one("warning", 1, "--quiet", "--fail-on-warn"),

  { inputs: ["good.yaml", "error.yaml"], flags: ["--ignore", "^error"], code: 0 },
  { inputs: ["."], flags: ["--ignore", "error|^unknown\\.p|fail|plan|template"], code: 0 },
  { inputs: ["."], flags: ["-o=github", "--github-hide-passed"], code: 1, form: "github" },
  { inputs: all, flags: ["-o", "json", "-d", "settings.yaml"], code: 1, form: "json" },
  { inputs: all, flags: ["-ojunit", "--suppress-exceptions", "--no-color"], code: 1, form: "junit" },
  one("error", 1, "-n", "main"),
  one("error", 1, "--namespace", "m*n,[l-n]ain"),
  one("error", 1, "--strict", "--show-builtin-errors", "--rego-version", "v1", "--tls"),
  wrong({ ...one("error", 0, "-n", "other"), ours: 3, because: silent }),
  one("error", 0, "-n", "other", "--conftest-compat"),
  wrong({ ...one("warning", 0, "-o", "xml"), ours: 3, because: silent }),
  one("warning", 0, "-o", "xml", "--conftest-compat"),
  { inputs: all, flags: ["-o", "json", "-o", "tap", "--conftest-compat"], code: 1, form: "tap" },

  wrong({ ...one("gone", 1), ours: 3, because: incomplete }),
  wrong({ ...one("good", 1, "--ignore", "good"), ours: 3, because: incomplete }),
  wrong({ ...one("good", 1, "--ignore", "("), ours: 3, because: incomplete }),
  wrong({ ...one("good", 1, "--nonsense"), ours: 3, because: incomplete }),
  wrong({ ...one("good", 1, "--rego-version", "v2"), ours: 3, because: incomplete }),
  wrong({ ...one("good", 1, "--no-fail=maybe"), ours: 3, because: incomplete }),
  wrong(one("gone", 1, "--conftest-compat")),
  wrong(one("gone", 1, "--conftest-compat", "--no-fail")),
  wrong(one("good", 1, "--conftest-compat", "--ignore", "good")),
];

if (skip === false) prepare();
const runs = new Map<string, Promise<Run>>();
let free: Promise<unknown> = Promise.resolve();

for (const { inputs, flags, code, ours = code, because, form = "stdout", prints } of pairs) {
  const what = `${inputs.length > 1 ? `${inputs.length} files` : inputs[0]} ${flags.join(" ")}`;
  const theirs = flags.filter((flag) => flag !== "--conftest-compat");
  if (skip === false) start(inputs, theirs);
  test(`${what}: ${code}${because === undefined ? "" : `, here ${ours}: ${because}`}`, { skip }, async () => {
    const there = await start(inputs, theirs);
    process.chdir(join(folder, "inputs"));
    const stdout = flags.some((flag) => flag.startsWith("-o")) ? [] : ["-o", "stdout"];
    const here = keywarden(["test", ...inputs, ...stdout, ...flags]);
    assert.deepEqual([there.code, here.code], [code, ours], here.stderr + there.stderr);
    if (prints === "nothing") assert.deepEqual([here.stdout, there.stdout], ["", ""]);
    if (prints === undefined) assert.deepEqual(resultsOf(form, here.stdout), resultsOf(form, there.stdout));
  });
}

function nameOf(example: string): string {
  return `${example.split("/").at(-3)?.replace("rules", "")}${example.split("/").at(-2)}.${basename(example)}`
    .replace("/", "-")
    .replace("examples", "");
}

function resultsOf(form: string, output: string): string[] {
  return (readers[form] as (typeof readers)["json"])(output).sort();
}

/** The inputs, a document for each of them, and the rules without their tests, which conftest would compile each time. */
function prepare(): void {
  for (const [name, text] of Object.entries(samples)) file(`inputs/${name}.yaml`, text);
  for (const example of examples) copyFileSync(join(root, example), join(folder, "inputs", nameOf(example)));
  for (const where of ["data", "inputs", "documents"])
    file(`${where}/settings.yaml`, "keywarden: {settings: {short_deletion_window: {minimum: 7}}}\n");
  process.chdir("inputs");
  for (const name of all) file(`documents/${name}`, keywarden(["normalize", name]).stdout);
  process.chdir(folder);
  const isRule = (path: string) => !/_test\.rego$|examples$|schemas$/.test(path);
  cpSync(join(root, "policies"), "policies", { recursive: true, filter: isRule });
}

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** conftest's answer. All runs are started at once, and as many of them work at a time as there are processors. */
function start(inputs: string[], flags: string[]): Promise<Run> {
  const args = ["test", "--no-color", "-p", "../policies", "--parser", "yaml", ...inputs, ...flags];
  const key = args.join(" ");
  const run = runs.get(key) ?? free.then(() => runConftest(args));
  if (!runs.has(key)) {
    runs.set(key, run);
    if (runs.size % availableParallelism() === 0) free = run;
  }
  return run;
}

function runConftest(args: string[]): Promise<Run> {
  const child = spawn(conftest, args, { cwd: join(folder, "documents"), env: { HOME: folder } });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  return new Promise((resolve) =>
    child.on("close", (code) =>
      resolve({ code, stdout: String(Buffer.concat(out)), stderr: String(Buffer.concat(err)) }),
    ),
  );
}
