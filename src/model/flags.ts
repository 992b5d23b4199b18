export interface Flag {
  type: "boolean" | "string";
  short?: string;
  /** May be given several times. `commas`: also as one list, as conftest takes it. */
  list?: "commas" | "each";
  /** What its value is called in the help. */
  value?: string;
  help: string;
  group: Group;
  /** What a configuration says by it, for editors; without it the flag is of the command line alone. */
  about?: string;
  /** In a configuration it names files to read, from the folder of the configuration on. */
  path?: true;
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

/** The flags of the command. */
export const flags = {
  output: {
    type: "string",
    short: "o",
    list: "each",
    value: "FORM[=PATH]",
    help: "form of the result, and the file that it goes to; may be repeated",
    group: "result",
    about: "The form of the result, or FORM=FILE; several are several results",
  },
  "no-color": {
    type: "boolean",
    help: "no colours (also NO_COLOR; FORCE_COLOR for colours in a pipe)",
    group: "result",
    about: "No colours",
  },
  quiet: {
    type: "boolean",
    help: "print nothing where the exit code is 0",
    group: "result",
    about: "No output where everything passed",
  },
  "suppress-exceptions": {
    type: "boolean",
    help: "leave suppressed findings out",
    group: "result",
    about: "Leave what is suppressed out of the output",
  },
  "junit-hide-message": {
    type: "boolean",
    help: "leave the message out of the names of JUnit tests",
    group: "result",
    about: "Leave the message out of the names in the output junit",
  },
  "github-hide-passed": {
    type: "boolean",
    help: "leave files without findings out of GitHub's output",
    group: "result",
    about: "Leave files that passed out of the output github",
  },
  trace: {
    type: "boolean",
    help: "say on standard error what was looked at and found",
    group: "result",
    about: "Show how the rules come to their results",
  },
  "fail-on-warn": {
    type: "boolean",
    help: "1 for warnings, 2 for errors",
    group: "exit",
    about: "Exit with 1 where there are warnings, with 2 where there are failures",
  },
  "no-fail": {
    type: "boolean",
    help: "0 whatever is found",
    group: "exit",
    about: "Exit with 0 whatever the rules find",
  },
  "conftest-compat": {
    type: "boolean",
    help: "what conftest lets pass is let pass: see docs/conftest.md",
    group: "exit",
    about: "Pass in silence where conftest does",
  },
  ignore: { type: "string", value: "REGEX", help: "paths that are passed over", group: "input" },
  parser: {
    type: "string",
    value: "NAME",
    help: "json, yaml or hcl2; found out by itself",
    group: "input",
    about: "How files are read, whatever their names",
  },
  "stdin-filename": {
    type: "string",
    value: "PATH",
    help: "what standard input is called; .tf for Terraform's source",
    group: "input",
    about: "The name of standard input in the output",
  },
  combine: {
    type: "boolean",
    help: "look at all files together, which is always done",
    group: "input",
    about: "Judge all files together",
  },
  var: {
    type: "string",
    list: "each",
    value: "NAME=VALUE",
    help: "value of a variable of Terraform's source; may be repeated",
    group: "input",
    about: "Variables of Terraform's source, NAME=VALUE",
  },
  "var-file": {
    type: "string",
    list: "each",
    value: "PATH",
    help: "file with values of variables (.tfvars); may be repeated",
    group: "input",
    about: "Files with values of variables (.tfvars)",
    path: true,
  },
  "config-file": { type: "string", short: "c", value: "PATH", help: "the configuration", group: "settings" },
  data: {
    type: "string",
    short: "d",
    list: "commas",
    value: "PATH",
    help: "settings of the rules: YAML or JSON, a file or a folder; may be repeated",
    group: "settings",
    about: "Files or folders with data for the rules",
    path: true,
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
    about: "Namespaces to judge by; *, ? and [...] are wildcards",
  },
  "all-namespaces": {
    type: "boolean",
    help: "all of them, which is main",
    group: "settings",
    about: "Judge by every namespace",
  },
  strict: {
    type: "boolean",
    help: "the rules were compiled so",
    group: "conftest",
    about: "The strict mode of Rego",
  },
  "show-builtin-errors": {
    type: "boolean",
    help: "the rules call no function that fails",
    group: "conftest",
    about: "Show the errors of built-in functions",
  },
  capabilities: {
    type: "string",
    value: "PATH",
    help: "the rules ask for no function of the host",
    group: "conftest",
    about: "A file with the capabilities of OPA",
    path: true,
  },
  "rego-version": {
    type: "string",
    value: "v0|v1",
    help: "the rules are compiled",
    group: "conftest",
    about: "The version of Rego: v0 or v1",
  },
  tls: { type: "boolean", help: "nothing is fetched", group: "conftest", about: "Fetch with TLS" },
  policy: {
    type: "string",
    short: "p",
    list: "commas",
    value: "PATH",
    help: "rules of your own: conftest runs them on what normalize prints",
    group: "refused",
    about: "Folders with Rego",
    path: true,
  },
  update: {
    type: "string",
    short: "u",
    list: "commas",
    value: "URL",
    help: "rules from a registry: they come with the package",
    group: "refused",
    about: "Addresses to fetch policies from first",
  },
  "proto-file-dirs": {
    type: "string",
    list: "commas",
    value: "PATH",
    help: "no Protocol Buffers are read",
    group: "refused",
    about: "Folders with definitions of Protocol Buffers",
    path: true,
  },
  help: { type: "boolean", short: "h", help: "", group: "other" },
  version: { type: "boolean", help: "", group: "other" },
} as const satisfies { [name: string]: Flag };

export type Flags = typeof flags;
export type FlagName = keyof Flags;
