import { readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { check, type Input, type NormalizeOptions, normalize } from "./check.ts";
import { loadEngine } from "./engine/engine.ts";
import { readData } from "./io/data.ts";
import { readPaths } from "./io/read.ts";
import { nearest } from "./model/nearest.ts";
import { isRegion } from "./model/region.ts";
import type { Report, RuleInfo } from "./model/report.ts";
import type { Problem } from "./model/source.ts";
import { explain } from "./reporters/explain.ts";
import { json } from "./reporters/json.ts";
import { rulesTable } from "./reporters/rules.ts";
import { problemsText, text } from "./reporters/text.ts";
import { settingsOf } from "./settings.ts";
import { loadTerraform } from "./terraform/terraform.ts";

const help = `Checks AWS KMS keys: key policies, CloudFormation templates, Terraform's source and plans.

  keywarden test PATH…       check files, folders, or standard input (-)
  keywarden normalize PATH…  print what the rules see, as JSON
  keywarden rules            list the rules (-o json: all about them)
  keywarden explain RULE     all about a rule: why, what to write instead, its settings

Options
  -o, --output text|json     form of the result; json is that of conftest
  -d, --data PATH            settings of the rules: YAML or JSON, a file or a folder; may be repeated
      --account ID           the account that owns the keys, twelve digits
      --region REGION        the Region that is deployed to
      --var NAME=VALUE       value of a variable of Terraform's source; may be repeated
      --var-file PATH        file with values of variables (.tfvars); may be repeated
      --no-color             no colours (also NO_COLOR; FORCE_COLOR for colours in a pipe)
  -h, --help
      --version

Exit codes
  0  nothing of level error
  1  a failure of level error
  3  an input could not be read, or the command or a setting is wrong: the answer is not complete
`;

/** Where a command reads and writes. */
interface Io {
  stdout: (text: string) => void;
  stderr: (text: string) => void;
  env: NodeJS.ProcessEnv;
  /** Of the terminal on standard output; undefined where it is none. */
  columns?: number | undefined;
  stderrIsTerminal?: boolean;
}

const INCOMPLETE = 3;

/** Runs a command; its exit code. */
function main(args: string[], io: Io): number {
  const wrong = (message: string): number => {
    io.stderr(`keywarden: ${message}\nTry keywarden --help.\n`);
    return INCOMPLETE;
  };
  const call = readCall(args);
  if (typeof call === "string") return wrong(call);
  const { verb, paths, values } = call;
  if (values.help === true || verb === "help") io.stdout(help);
  else if (values.version === true) io.stdout(`keywarden ${version()}\n`);
  else if (verb === undefined) return wrong("say what to do: test, normalize, rules or explain");
  else {
    const { takes, run } = verbs.get(verb) ?? {};
    if (run === undefined) return wrong(`unknown command ${verb}: there are ${[...verbs.keys()].join(", ")}`);
    if (paths.length === 0 && takes !== undefined) return wrong(takes);
    const result = run(paths, values, io);
    return typeof result === "string" ? wrong(result) : result;
  }
  return 0;
}

interface Verb {
  /** What to say where nothing is named. */
  takes?: string;
  /** Its exit code, or what is wrong with the call. */
  run: (names: string[], values: Values, io: Io) => number | string;
}

const verbs = new Map<string, Verb>([
  ["test", { takes: "name what to check: files, folders, or - for standard input", run: test }],
  ["normalize", { takes: "name what to read: files, folders, or - for standard input", run: print }],
  ["rules", { run: listRules }],
  ["explain", { takes: "name a rule: keywarden rules lists them", run: explainRule }],
]);

const flags = {
  output: { type: "string", short: "o", default: "text" },
  data: { type: "string", short: "d", multiple: true },
  account: { type: "string" },
  region: { type: "string" },
  var: { type: "string", multiple: true },
  "var-file": { type: "string", multiple: true },
  "no-color": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof flags; allowPositionals: true }>>["values"];

interface Call {
  verb: string | undefined;
  paths: string[];
  values: Values;
}

/** The call, or what is wrong with it. */
function readCall(args: string[]): Call | string {
  try {
    const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true });
    const [verb, ...paths] = positionals;
    const { output, account, region } = values;
    if (output !== "text" && output !== "json") return `unknown output ${output}: there are text and json`;
    if (account !== undefined && !/^\d{12}$/.test(account))
      return `--account ${account} is not twelve digits`;
    if (region !== undefined && !isRegion(region))
      return `--region ${region} is no Region such as eu-central-1`;
    const unnamed = values.var?.find((given) => !/^[^\s=]+=/.test(given));
    if (unnamed !== undefined) return `--var ${unnamed} is not NAME=VALUE`;
    return { verb, paths, values };
  } catch (error) {
    return (error as Error).message.split(/\. /)[0] as string;
  }
}

function test(paths: string[], values: Values, io: Io): number {
  const unread: Problem[] = [];
  const width = Math.min(io.columns ?? 100, 120);
  const errors = { colour: colour(values, io, io.stderrIsTerminal === true), width };
  let engine: ReturnType<typeof bundledEngine>;
  try {
    engine = bundledEngine();
  } catch (error) {
    io.stderr(`keywarden: the compiled rules cannot be loaded: ${(error as Error).message}\n`);
    return INCOMPLETE;
  }
  const settings = settingsOf(
    new Map((values.data ?? []).map((path) => [path, readData(path)])),
    engine.rules,
  );
  if (Array.isArray(settings)) {
    io.stderr(problemsText({ problems: settings, notices: [] }, errors, "wrong setting"));
    return INCOMPLETE;
  }
  const checked = check(inputs(paths, values, unread), { ...optionsOf(values), engine, settings });
  const report = complete(checked, unread, paths);
  io.stderr(problemsText(report, errors));
  const options = { colour: colour(values, io, io.columns !== undefined), width };
  io.stdout(values.output === "json" ? json(report) : text(report, options));
  if (report.problems.length > 0) return INCOMPLETE;
  return report.findings.some((f) => f.verdict === "fail" && f.level === "error") ? 1 : 0;
}

function print(paths: string[], values: Values, io: Io): number {
  const unread: Problem[] = [];
  const { document, problems, notices } = normalize(inputs(paths, values, unread), optionsOf(values));
  const report = {
    findings: [],
    files: [],
    notices,
    problems: [...unread, ...problems],
    dataVersion: document.dataVersion,
  };
  io.stderr(problemsText(report, { colour: colour(values, io, io.stderrIsTerminal === true) }));
  io.stdout(`${JSON.stringify(document, null, 2)}\n`);
  return report.problems.length > 0 ? INCOMPLETE : 0;
}

function listRules(_: string[], values: Values, io: Io): number {
  const rules = bundledRules();
  const options = { colour: colour(values, io, io.columns !== undefined) };
  io.stdout(values.output === "json" ? `${JSON.stringify(rules, null, 2)}\n` : rulesTable(rules, options));
  return 0;
}

function explainRule(names: string[], values: Values, io: Io): number | string {
  const rules = bundledRules();
  const name = names[0] as string;
  const rule = rules.find(({ id }) => id === name.replaceAll("-", "_"));
  if (names.length > 1) return "name one rule";
  if (rule === undefined) {
    const ids = rules.map(({ id }) => id);
    return `there is no rule ${name}: did you mean ${nearest(name, ids)}? keywarden rules lists them`;
  }
  const width = Math.min(io.columns ?? 100, 120);
  const options = { colour: colour(values, io, io.columns !== undefined), width };
  io.stdout(values.output === "json" ? `${JSON.stringify(rule, null, 2)}\n` : explain(rule, options));
  return 0;
}

/** What can be read of the paths, one after the other; what cannot is put into `unread`. */
function* inputs(paths: string[], values: Values, unread: Problem[]): Generator<Input> {
  for (const input of readPaths(paths, { variableFiles: values["var-file"] ?? [] })) {
    if (input.kind === "source") yield { ...input.source, named: input.named };
    else if (input.kind === "configuration") yield input.configuration;
    else if (input.kind === "problem") unread.push(input.problem);
  }
}

/** The report with what could not be read, and a word where there was nothing to check: silence would look like a pass. */
function complete(report: Report, unread: Problem[], paths: string[]): Report {
  const problems = [...unread, ...report.problems];
  const silent = problems.length === 0 && report.files.length === 0 && report.notices.length === 0;
  const message = "no KMS key, alias, grant or key policy found: nothing checked";
  const notices = silent ? [{ file: paths.join(", "), message }] : report.notices;
  return { ...report, problems, notices };
}

const optionsOf = ({ account, region, ...values }: Values): NormalizeOptions => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
  terraform: loadTerraform(() => readFileSync(beside("bundles/terraform.wasm"))),
  variables: Object.fromEntries((values.var ?? []).map(nameAndValue)),
  variableFiles: values["var-file"] ?? [],
});

const nameAndValue = (given: string): [name: string, value: string] => {
  const end = given.indexOf("=");
  return [given.slice(0, end), given.slice(end + 1)];
};

/** https://no-color.org: any value that is not empty. */
function colour(values: Values, { env }: Io, terminal: boolean): boolean {
  if (values["no-color"] === true) return false;
  if ((env.NO_COLOR ?? "") !== "") return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== "0" && force !== "false";
  return terminal && env.TERM !== "dumb";
}

const beside = (path: string): URL => new URL(`../${path}`, import.meta.url);

const bundledEngine = () => loadEngine(readFileSync(beside("bundles/policy.wasm")), bundledRules());

const bundledRules = (): RuleInfo[] => JSON.parse(readFileSync(beside("bundles/rules.json"), "utf8"));

const version = (): string => JSON.parse(readFileSync(beside("package.json"), "utf8")).version;

/** Writes all of a text, also into a pipe that is full; ends in peace when nobody reads on. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

process.exitCode = main(process.argv.slice(2), {
  stdout: (text) => write(1, text),
  stderr: (text) => write(2, text),
  env: process.env,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  stderrIsTerminal: process.stderr.isTTY === true,
});
