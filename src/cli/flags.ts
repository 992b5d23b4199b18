/** The verbs, and what is said to a caller who names nothing. */
export const verbs = {
  test: "name what to check: files, folders, or - for standard input",
  normalize: "name what to read: files, folders, or - for standard input",
  baseline: "name what to take as it is: files, folders, or - for standard input",
  rules: undefined,
  explain: "name a rule: keywarden rules lists them",
  "config print": "name a file: keywarden config print template.yaml says what applies to it",
} as const;

export type VerbName = keyof typeof verbs;

export interface Flag {
  type: "boolean" | "string";
  short?: string;
  /** May be given several times. `commas`: also as one list, as conftest takes it. */
  list?: "commas" | "each";
  /** What its value is called in the help. */
  value?: string;
  help: string;
  group: Group;
}

export type Group = keyof typeof groups;

/** The sections of the help. */
export const groups = {
  result: "The result",
  exit: "The exit code",
  input: "What is read",
  settings: "Settings",
  conftest: "conftest's, without effect here",
  refused: "conftest's, not possible here",
  other: "",
} as const;

export const flags = {
  output: {
    type: "string",
    short: "o",
    list: "each",
    value: "FORM[=PATH]",
    help: "form of the result, and the file that it goes to; may be repeated",
    group: "result",
  },
  "no-color": {
    type: "boolean",
    help: "no colours (also NO_COLOR; FORCE_COLOR for colours in a pipe)",
    group: "result",
  },
  quiet: { type: "boolean", help: "print nothing where the exit code is 0", group: "result" },
  "suppress-exceptions": { type: "boolean", help: "leave suppressed findings out", group: "result" },
  "junit-hide-message": {
    type: "boolean",
    help: "leave the message out of the names of JUnit tests",
    group: "result",
  },
  "github-hide-passed": {
    type: "boolean",
    help: "leave files without findings out of GitHub's output",
    group: "result",
  },
  trace: { type: "boolean", help: "say on standard error what was looked at and found", group: "result" },
  "fail-on-warn": { type: "boolean", help: "1 for warnings, 2 for errors", group: "exit" },
  "no-fail": { type: "boolean", help: "0 whatever is found", group: "exit" },
  "conftest-compat": {
    type: "boolean",
    help: "what conftest lets pass is let pass: see docs/conftest.md",
    group: "exit",
  },
  ignore: { type: "string", value: "REGEX", help: "paths that are passed over", group: "input" },
  parser: { type: "string", value: "NAME", help: "json, yaml or hcl2; found out by itself", group: "input" },
  "stdin-filename": {
    type: "string",
    value: "PATH",
    help: "what standard input is called; .tf for Terraform's source",
    group: "input",
  },
  combine: {
    type: "boolean",
    help: "look at all files together, which is always done",
    group: "input",
  },
  var: {
    type: "string",
    list: "each",
    value: "NAME=VALUE",
    help: "value of a variable of Terraform's source; may be repeated",
    group: "input",
  },
  "var-file": {
    type: "string",
    list: "each",
    value: "PATH",
    help: "file with values of variables (.tfvars); may be repeated",
    group: "input",
  },
  "config-file": { type: "string", short: "c", value: "PATH", help: "the configuration", group: "settings" },
  data: {
    type: "string",
    short: "d",
    list: "commas",
    value: "PATH",
    help: "settings of the rules: YAML or JSON, a file or a folder; may be repeated",
    group: "settings",
  },
  account: {
    type: "string",
    value: "ID",
    help: "the account that owns the keys, twelve digits",
    group: "settings",
  },
  region: { type: "string", value: "REGION", help: "the Region that is deployed to", group: "settings" },
  baseline: {
    type: "string",
    value: "PATH",
    help: "findings that are known and do not count; keywarden baseline writes it",
    group: "settings",
  },
  namespace: {
    type: "string",
    short: "n",
    list: "commas",
    value: "NAME",
    help: "the rules' is main; *, ? and [...] as in conftest",
    group: "settings",
  },
  "all-namespaces": { type: "boolean", help: "all of them, which is main", group: "settings" },
  strict: { type: "boolean", help: "the rules were compiled so", group: "conftest" },
  "show-builtin-errors": {
    type: "boolean",
    help: "the rules call no function that fails",
    group: "conftest",
  },
  capabilities: {
    type: "string",
    value: "PATH",
    help: "the rules ask for no function of the host",
    group: "conftest",
  },
  "rego-version": { type: "string", value: "v0|v1", help: "the rules are compiled", group: "conftest" },
  tls: { type: "boolean", help: "nothing is fetched", group: "conftest" },
  policy: {
    type: "string",
    short: "p",
    list: "commas",
    value: "PATH",
    help: "rules of your own: conftest runs them on what normalize prints",
    group: "refused",
  },
  update: {
    type: "string",
    short: "u",
    list: "commas",
    value: "URL",
    help: "rules from a registry: they come with the package",
    group: "refused",
  },
  "proto-file-dirs": {
    type: "string",
    list: "commas",
    value: "PATH",
    help: "no Protocol Buffers are read",
    group: "refused",
  },
  help: { type: "boolean", short: "h", help: "", group: "other" },
  version: { type: "boolean", help: "", group: "other" },
} as const satisfies { [name: string]: Flag };

type Flags = typeof flags;
export type FlagName = keyof Flags;

type ValueOf<F extends Flag> = F extends { list: string }
  ? string[]
  : F extends { type: "boolean" }
    ? boolean
    : string;

/** What is set, on the command line, by the environment or by a file. */
export type Values = { [N in FlagName]?: ValueOf<Flags[N]> };

export const flagNames = Object.keys(flags) as FlagName[];

export const flagOf = (name: string): Flag | undefined =>
  Object.hasOwn(flags, name) ? flags[name as FlagName] : undefined;

/** Puts one more value to those that are set; a list grows, else the last one counts. What is wrong with it, if anything. */
export function give(values: Values, name: string, given: string | boolean): string | undefined {
  const { type, list } = flagOf(name) as Flag;
  const all = values as { [name: string]: unknown };
  if (type === "boolean") {
    const truth = typeof given === "boolean" ? given : truthOf(given);
    if (truth === undefined) return `is ${JSON.stringify(given)}: allowed is true or false`;
    all[name] = truth;
  } else if (list === undefined) all[name] = given;
  else {
    const more = list === "commas" ? String(given).split(",") : [given];
    all[name] = [...((all[name] as string[] | undefined) ?? []), ...more];
  }
  return undefined;
}

/** As conftest reads truth values. */
function truthOf(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return /^(0|f|false)$/i.test(text) ? false : undefined;
}
