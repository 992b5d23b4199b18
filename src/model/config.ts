import type { Level } from "./report.ts";

/** The sets of rules and levels that a configuration can start from, and what each is. */
export const presets = {
  "cheat-sheet": "What the AWS KMS cheat sheet asks for, and nothing else",
  recommended: "Every rule at its own level",
  strict: "Every rule, also those that are off; notes are warnings",
} as const;
export type Preset = keyof typeof presets;

/** What a configuration says. Everything is optional in a file; here defaults are filled in. */
export interface Config {
  /** Where the run starts: paths of inputs are relative to it. */
  cwd: string;
  preset: Preset;
  /** By rule. */
  levels: { [rule: string]: Level };
  /** By rule, as in docs/settings.md. */
  settings: { [rule: string]: { [name: string]: unknown } };
  /** The account that owns the keys, where no glob of `accounts` says another. */
  account?: string;
  accounts: ByPath[];
  /** The Region that is deployed to, where no glob of `regions` says another. */
  region?: string;
  regions: ByPath[];
  /** Absolute globs of paths that are passed over. */
  ignore: string[];
  /** Later ones win. */
  overrides: Override[];
  /** Paths of files with suppressions and of the baseline. */
  suppressions: string[];
  baseline?: string;
  /** What the file says by the names of the command's flags. */
  flags: { [name: string]: FlagValue };
}

export type FlagValue = boolean | string | string[];

/** What holds for the paths that an absolute glob matches. Later ones win. */
export interface ByPath {
  files: string;
  value: string;
}

/** Other levels for some files or resources; both given: both have to match. */
export interface Override {
  /** Absolute globs of paths. */
  files?: string[];
  /** Patterns of resources, `*` and `?`. */
  resources?: string[];
  levels: { [rule: string]: Level };
}

/** A configuration as its author writes it; the flags of the command are keys too. */
export interface ConfigFile extends FlagsInFile {
  $schema?: string;
  extends?: string | string[];
  preset?: Preset;
  levels?: { [rule: string]: Level };
  settings?: { [rule: string]: { [name: string]: unknown } };
  account?: string;
  accounts?: { [glob: string]: string };
  region?: string;
  regions?: { [glob: string]: string };
  /** Globs; or, as conftest has it, one regular expression. */
  ignore?: string[] | string;
  overrides?: {
    files?: string | string[];
    resources?: string | string[];
    levels: { [rule: string]: Level };
  }[];
  suppressions?: string | string[];
  baseline?: string;
}

/** A file or preset that a configuration is made of. */
export interface ConfigSource {
  /** The path of the file; of a preset that of the file which extends it. */
  file: string;
  kind: "file" | "preset";
  /** The folder that its globs are relative to, absolute. */
  folder: string;
  /** What it says, by the names of Config; nothing is filled in. */
  says: Said;
  /** The line on which a key stands; undefined where that is not known. */
  line(key: string[]): number | undefined;
}

/** The levels of one file: its overrides come after its levels. */
export type Said = Partial<Omit<Config, "cwd">>;

/** A flag of the command that a file may set. `path`: it names files to read. */
export interface Flag {
  kind: "boolean" | "text" | "list";
  about: string;
  path?: true;
}

const flag = <Kind extends Flag["kind"]>(kind: Kind, about: string) => ({ kind, about });
const paths = (about: string) => ({ ...flag("list", about), path: true as const });

const known = {
  "all-namespaces": flag("boolean", "Judge by every namespace"),
  capabilities: { ...flag("text", "A file with the capabilities of OPA"), path: true as const },
  combine: flag("boolean", "Judge all files together"),
  "conftest-compat": flag("boolean", "Pass in silence where conftest does"),
  data: paths("Files or folders with data for the rules"),
  "fail-on-warn": flag("boolean", "Exit with 1 where there are warnings, with 2 where there are failures"),
  "github-hide-passed": flag("boolean", "Leave files that passed out of the output github"),
  "junit-hide-message": flag("boolean", "Leave the message out of the names in the output junit"),
  namespace: flag("list", "Namespaces to judge by; *, ? and [...] are wildcards"),
  "no-color": flag("boolean", "No colours"),
  "no-fail": flag("boolean", "Exit with 0 whatever the rules find"),
  output: flag("list", "The form of the result, or FORM=FILE; several are several results"),
  parser: flag("text", "How files are read, whatever their names"),
  policy: paths("Folders with Rego"),
  "proto-file-dirs": paths("Folders with definitions of Protocol Buffers"),
  quiet: flag("boolean", "No output where everything passed"),
  "rego-version": flag("text", "The version of Rego: v0 or v1"),
  "show-builtin-errors": flag("boolean", "Show the errors of built-in functions"),
  "stdin-filename": flag("text", "The name of standard input in the output"),
  strict: flag("boolean", "The strict mode of Rego"),
  "suppress-exceptions": flag("boolean", "Leave what is suppressed out of the output"),
  tls: flag("boolean", "Fetch with TLS"),
  trace: flag("boolean", "Show how the rules come to their results"),
  update: flag("list", "Addresses to fetch policies from first"),
  var: flag("list", "Variables of Terraform's source, NAME=VALUE"),
  "var-file": paths("Files with values of variables (.tfvars)"),
};

/** By name. `ignore` is one too where it is a text. */
export const flags: { [name: string]: Flag } = known;

interface Written {
  boolean: boolean;
  text: string;
  list: string | string[];
}

type FlagsInFile = { [Name in keyof typeof known]?: Written[(typeof known)[Name]["kind"]] };
