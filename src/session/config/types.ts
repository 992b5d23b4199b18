import type { Level } from "../../core/model/report.ts";
import { type Flag, type FlagName, type Flags, flags } from "../flags/flags.ts";

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

/** A flag of the command that a file may set. */
export interface FlagInFile extends Pick<Flag, "path"> {
  kind: "boolean" | "text" | "list";
  about: string;
}

const kindOf = ({ type, list }: Flag): FlagInFile["kind"] => {
  if (type === "boolean") return type;
  return list === undefined ? "text" : "list";
};

/** By name. `ignore` is one too where it is a text. */
export const flagsInFile: { [name: string]: FlagInFile } = Object.fromEntries(
  Object.entries<Flag>(flags)
    .flatMap(([name, flag]): [string, FlagInFile][] => {
      const { about, path } = flag;
      if (about === undefined) return [];
      return [[name, { kind: kindOf(flag), about, ...(path === undefined ? {} : { path }) }]];
    })
    .sort(([one], [other]) => (one < other ? -1 : 1)),
);

type Written<F extends Flag> = F extends { list: string }
  ? string | string[]
  : F extends { type: "boolean" }
    ? boolean
    : string;

type FlagsInFile = {
  [Name in FlagName as Flags[Name] extends { about: string } ? Name : never]?: Written<Flags[Name]>;
};
