/** What the GitHub Action does between GitHub's files and the command line. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Environment = { [name: string]: string | undefined };

/** Runs the command line, its output going to the log; its exit code, or null where it was killed. */
type Run = (args: string[]) => number | null;

const INCOMPLETE = 3;
/** GitHub refuses a summary of more than 1 MiB as a whole. */
const SUMMARY_LIMIT = 1024 * 1024;

/** Runs the action; its exit code. */
export function act(env: Environment, run: Run, log: (line: string) => void): number {
  const folder = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), "keywarden-"));
  try {
    const files = { json: join(folder, "report.json"), markdown: join(folder, "summary.md") };
    const args = argumentsOf(env, files);
    if (typeof args === "string") {
      log(`::error title=Keywarden::${args}`);
      return INCOMPLETE;
    }
    const code = run(args) ?? INCOMPLETE;
    if (code === INCOMPLETE)
      log("::error title=Keywarden::Not everything could be checked: the log of this step says why.");
    if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, outputsOf(code, read(files.json), sarifOf(env)));
    const summary = read(files.markdown);
    if (env.GITHUB_STEP_SUMMARY && summary !== undefined)
      appendFileSync(env.GITHUB_STEP_SUMMARY, cut(summary, SUMMARY_LIMIT));
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The arguments of the command line, or what is wrong with the inputs. */
export function argumentsOf(env: Environment, files: { json: string; markdown: string }): string[] | string {
  const [failOnWarn, summary] = [flag(env, "fail-on-warn"), flag(env, "summary")];
  if (failOnWarn === undefined) return "fail-on-warn is neither true nor false.";
  if (summary === undefined) return "summary is neither true nor false.";
  const paths = lines(env, "paths");
  if (paths.length === 0) return "paths names nothing to check.";
  const [config] = lines(env, "config");
  const sarif = sarifOf(env);
  const outputs = [
    ...lines(env, "output"),
    `json=${files.json}`,
    ...(summary ? [`markdown=${files.markdown}`] : []),
    ...(sarif === undefined ? [] : [`sarif=${sarif}`]),
  ];
  return [
    "test",
    ...(config === undefined ? [] : ["--config-file", config]),
    ...outputs.flatMap((output) => ["--output", output]),
    ...(failOnWarn ? ["--fail-on-warn"] : []),
    ...lines(env, "args"),
    "--",
    ...paths,
  ];
}

/** GitHub hands the input `fail-on-warn` on as INPUT_FAIL-ON-WARN. */
const lines = (env: Environment, name: string): string[] =>
  (env[`INPUT_${name.toUpperCase()}`] ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const sarifOf = (env: Environment): string | undefined => lines(env, "sarif-file")[0];

/** The values that YAML 1.2 takes for a boolean, as in GitHub's own actions. */
function flag(env: Environment, name: string): boolean | undefined {
  const [value = "false"] = lines(env, name);
  if (/^(true|True|TRUE)$/.test(value)) return true;
  return /^(false|False|FALSE)$/.test(value) ? false : undefined;
}

/** A result for each file, in the form of conftest's. */
type Checked = { failures?: unknown[]; warnings?: unknown[]; skipped?: unknown[] }[];

/** Lines for $GITHUB_OUTPUT. Counts are left out where there is no report: 0 would say that all is well. */
function outputsOf(code: number, json: string | undefined, sarif: string | undefined): string {
  const outputs: { [name: string]: string | number } = {
    "exit-code": code,
    "sarif-file": sarif !== undefined && existsSync(sarif) ? sarif : "",
  };
  if (json !== undefined) {
    const checked = JSON.parse(json) as Checked;
    const count = (of: keyof Checked[number]) =>
      checked.reduce((sum, file) => sum + (file[of]?.length ?? 0), 0);
    Object.assign(outputs, {
      failures: count("failures"),
      warnings: count("warnings"),
      unknown: count("skipped"),
    });
  }
  return Object.entries(outputs)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

const read = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8") : undefined;

/** The text, or as many of its lines as fit into a number of bytes, and a word about it. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const note = "\n\n*The report is longer than a summary may be: the log of the step has all of it.*\n";
  const start = Buffer.from(text).subarray(0, bytes - Buffer.byteLength(note));
  return `${start.subarray(0, start.lastIndexOf("\n")).toString()}${note}`;
}
