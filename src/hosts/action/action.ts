/** Connects the files and environment of GitHub Actions with the command line. */
import { randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Environment = { [name: string]: string | undefined };

/** Runs the command line with its output in the log. Returns the exit code, or null if the process was killed. */
type Run = (args: string[]) => number | null;

const EXIT_INCOMPLETE = 3;
/** GitHub rejects a summary of more than 1 MiB. */
const SUMMARY_LIMIT = 1024 * 1024;

/** Runs the action and returns its exit code. */
export function runAction(env: Environment, run: Run, log: (line: string) => void): number {
  const directory = mkdtempSync(join(env.RUNNER_TEMP ?? tmpdir(), "keywarden-"));
  try {
    const files = { json: join(directory, "report.json"), markdown: join(directory, "summary.md") };
    const args = argumentsOf(env, files);
    if (typeof args === "string") {
      log(`::error title=Keywarden::${args}`);
      return EXIT_INCOMPLETE;
    }
    const code = run(args) ?? EXIT_INCOMPLETE;
    if (code === EXIT_INCOMPLETE)
      log("::error title=Keywarden::The check is incomplete. See the log of this step.");
    if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, outputsOf(code, read(files.json), sarifOf(env)));
    const summary = read(files.markdown);
    if (env.GITHUB_STEP_SUMMARY && summary !== undefined)
      appendFileSync(env.GITHUB_STEP_SUMMARY, truncateSummary(summary, SUMMARY_LIMIT));
    return code;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Returns the arguments of the command line, or a message about an invalid input. */
export function argumentsOf(env: Environment, files: { json: string; markdown: string }): string[] | string {
  const [failOnWarn, summary] = [booleanInput(env, "fail-on-warn"), booleanInput(env, "summary")];
  if (failOnWarn === undefined) return "fail-on-warn must be true or false.";
  if (summary === undefined) return "summary must be true or false.";
  const failOnUnknown = inputLines(env, "fail-on-unknown").filter((line) => !/^false$/i.test(line));
  const paths = inputLines(env, "paths");
  if (paths.length === 0) return "paths is empty. List the files or directories to check, one per line.";
  const [config] = inputLines(env, "config");
  const sarif = sarifOf(env);
  const outputs = [
    ...inputLines(env, "output"),
    `json=${files.json}`,
    ...(summary ? [`markdown=${files.markdown}`] : []),
    ...(sarif === undefined ? [] : [`sarif=${sarif}`]),
  ];
  return [
    "test",
    ...(config === undefined ? [] : ["--config-file", config]),
    ...outputs.flatMap((output) => ["--output", output]),
    ...(failOnWarn ? ["--fail-on-warn"] : []),
    ...(failOnUnknown.length === 0 ? [] : [`--fail-on-unknown=${failOnUnknown.join(",")}`]),
    ...inputLines(env, "args"),
    "--",
    ...paths,
  ];
}

/** Returns the lines of an input. GitHub passes the input `fail-on-warn` as INPUT_FAIL-ON-WARN. */
const inputLines = (env: Environment, name: string): string[] =>
  (env[`INPUT_${name.toUpperCase()}`] ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

const sarifOf = (env: Environment): string | undefined => inputLines(env, "sarif-file")[0];

/** Returns the value of a boolean of YAML 1.2, as in the actions of GitHub; undefined if it is not a boolean. */
function booleanInput(env: Environment, name: string): boolean | undefined {
  const [value = "false"] = inputLines(env, name);
  if (/^(true|True|TRUE)$/.test(value)) return true;
  return /^(false|False|FALSE)$/.test(value) ? false : undefined;
}

/** The results for each file, in the format of conftest. */
type ConftestResults = { failures?: unknown[]; warnings?: unknown[]; skipped?: unknown[] }[];

/** Returns the lines for $GITHUB_OUTPUT. Without a report there are no counts, because 0 would look like a pass. */
function outputsOf(code: number, json: string | undefined, sarif: string | undefined): string {
  const outputs: { [name: string]: string | number } = {
    "exit-code": code,
    "sarif-file": sarif !== undefined && existsSync(sarif) ? sarif : "",
  };
  if (json !== undefined) {
    const results = JSON.parse(json) as ConftestResults;
    const count = (list: keyof ConftestResults[number]) =>
      results.reduce((sum, file) => sum + (file[list]?.length ?? 0), 0);
    Object.assign(outputs, {
      failures: count("failures"),
      warnings: count("warnings"),
      unknown: count("skipped"),
    });
  }
  return Object.entries(outputs)
    .map(([name, value]) => outputCommand(name, value))
    .join("");
}

/**
 * Returns an output of a step. The random delimiter keeps a value with line breaks from setting other outputs.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
function outputCommand(name: string, value: string | number): string {
  const delimiter = `keywarden-${randomUUID()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

const read = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, "utf8") : undefined;

/** Returns a summary with as many lines as fit into a number of bytes, and a note if some are missing. */
export function truncateSummary(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const note =
    "\n\n*The report is longer than a GitHub summary can be. See the log of this step for the full report.*\n";
  const start = Buffer.from(text).subarray(0, bytes - Buffer.byteLength(note));
  return `${start.subarray(0, start.lastIndexOf("\n")).toString()}${note}`;
}
