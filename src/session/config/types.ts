import type { Level } from "../../core/model/report.ts";
import { type Flag, type FlagName, type Flags, flags, helpWithDefault } from "../flags/flags.ts";

/** The sets of levels from which a config can start, with descriptions. */
export const presets = {
  "cheat-sheet": "Only the recommendations of the AWS KMS cheat sheet",
  recommended: "Every rule at its default level",
  strict: "Every rule, including those that are off by default; notes become warnings",
} as const;
export type Preset = keyof typeof presets;

/** A config with all defaults. */
export interface Config {
  /** Absolute. Paths of inputs are relative to it. */
  cwd: string;
  preset: Preset;
  /** By rule. */
  levels: { [rule: string]: Level };
  /** By rule, as in docs/settings.md. */
  settings: { [rule: string]: { [name: string]: unknown } };
  /** Account that owns the keys, unless a glob of `accounts` sets another. */
  account?: string;
  accounts: ByPath[];
  /** Target Region of the deployment, unless a glob of `regions` sets another. */
  region?: string;
  regions: ByPath[];
  /** Absolute globs of paths that are skipped in directories. */
  ignore: string[];
  /** Later entries take precedence. */
  overrides: Override[];
  /** Paths of suppression files. */
  suppressions: string[];
  baseline?: string;
  /** Values of command-line flags, by flag name. */
  flags: { [name: string]: FlagValue };
}

export type FlagValue = boolean | string | string[];

/** A value for the paths that an absolute glob matches. Later entries take precedence. */
export interface ByPath {
  files: string;
  value: string;
}

/** Levels for some files or resources. If both are set, both must match. */
export interface Override {
  /** Absolute globs of paths. */
  files?: string[];
  /** Patterns of resources; `*` and `?` are wildcards. */
  resources?: string[];
  levels: { [rule: string]: Level };
}

/** The content of a config file. Command-line flags are keys, too. */
export interface ConfigFile extends FlagKeys {
  $schema?: string;
  extends?: string | string[];
  preset?: Preset;
  levels?: { [rule: string]: Level };
  settings?: { [rule: string]: { [name: string]: unknown } };
  account?: string;
  accounts?: { [glob: string]: string };
  region?: string;
  regions?: { [glob: string]: string };
  /** Globs, or one regular expression as in conftest. */
  ignore?: string[] | string;
  overrides?: {
    files?: string | string[];
    resources?: string | string[];
    levels: { [rule: string]: Level };
  }[];
  suppressions?: string | string[];
  baseline?: string;
}

/** A file or preset that contributes to a config. */
export interface ConfigLayer {
  /** Path of the file. For a preset: the file that extends it. */
  file: string;
  kind: "file" | "preset";
  /** Absolute directory to which its globs are relative. */
  directory: string;
  /** The values that the file sets, without defaults. */
  values: ConfigValues;
  /** Returns the line of a key, or undefined if it is not known. */
  line(key: string[]): number | undefined;
}

/** The values that one layer sets. */
export type ConfigValues = Partial<Omit<Config, "cwd">>;

/** A command-line flag that a config file may set. */
export interface ConfigFlag extends Pick<Flag, "path"> {
  kind: "boolean" | "string" | "list" | "boolean-or-list" | "headers";
  description: string;
}

const kindOf = ({ type, list, headers }: Flag): ConfigFlag["kind"] => {
  if (headers) return "headers";
  if (type === "boolean") return list === undefined ? type : "boolean-or-list";
  return list === undefined ? "string" : "list";
};

/** By name. `ignore` is also a flag if its value is a string. */
export const configFlags: { [name: string]: ConfigFlag } = Object.fromEntries(
  Object.entries<Flag>(flags)
    .flatMap(([name, flag]): [string, ConfigFlag][] => {
      const { inConfig, path } = flag;
      if (inConfig !== true) return [];
      return [
        [
          name,
          { kind: kindOf(flag), description: helpWithDefault(flag), ...(path === undefined ? {} : { path }) },
        ],
      ];
    })
    .sort(([first], [second]) => (first < second ? -1 : 1)),
);

type FlagKeyValue<F extends Flag> = F extends { headers: true }
  ? string | string[] | { [name: string]: string }
  : F extends { type: "boolean"; list: string }
    ? boolean | string | string[]
    : F extends { list: string }
      ? string | string[]
      : F extends { type: "boolean" }
        ? boolean
        : string;

type FlagKeys = {
  [Name in FlagName as Flags[Name] extends { inConfig: true } ? Name : never]?: FlagKeyValue<Flags[Name]>;
};
