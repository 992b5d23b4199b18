import type { Format } from "../../core/model/format.ts";
import type { FailOnUnknown, Level, RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { ConfigFile, Preset } from "../../session/config/types.ts";
import type { LoadedConfig } from "./loaded-config.ts";

/** A `WebAssembly.Module`. Not every platform has a type of this name. */
export type WasmModule = object;

/** Options for reading inputs: their config, the account and Region of the keys, Terraform source and custom formats. */
export interface NormalizeOptions {
  /**
   * The result of `loadConfig`, or an object with the content of a config file. Globs of an object are relative to the
   * working directory (in browsers to the root). An object can't contain paths: pass the options `suppressions` and
   * `baseline`.
   */
  config?: LoadedConfig | ConfigFile;
  /** The account that owns the keys, twelve digits. Like all options, it takes precedence over the config. */
  account?: string;
  /** The Region of the keys. */
  region?: string;
  /**
   * The evaluator of Terraform source. `true` (default in Node): the evaluator of the package. The checker reads it at
   * once, and unpacks and compiles it for the first Terraform source. `false`: none, and Terraform source is a problem.
   * Otherwise the bytes of bundles/terraform.wasm or the compiled module, which browsers need.
   */
  terraform?: boolean | Uint8Array | WasmModule;
  /** The values of Terraform variables. */
  variables?: { [name: string]: string };
  /** Paths of sources with values of Terraform variables (.tfvars) that Terraform doesn't load automatically. */
  variableFiles?: string[];
  /** Custom input formats for JSON and YAML files. They take precedence over the built-in formats. */
  formats?: readonly Format[];
}

export interface CheckerOptions extends NormalizeOptions {
  /** The levels of rules without a level in `levels`. Default: `recommended`. */
  preset?: Preset;
  /** Levels of findings, by rule; `off` disables a rule. */
  levels?: { [rule: string]: Level };
  /** Rule settings, by rule, as in docs/settings.md. */
  settings?: { [rule: string]: { [name: string]: unknown } };
  /** Suppression files. Suppressions in comments and metadata apply without this option. */
  suppressions?: Source[];
  /** Known findings, as `baselineOf` writes them. */
  baseline?: Source;
  /**
   * The unknown verdicts with which `passed` is false: `true` for those of level error, or a list of rules. Unless it is
   * false, `passed` is also false if parts of the sources were not checked. Default: false.
   */
  failOnUnknown?: FailOnUnknown;
  /** The date for expired suppressions, YYYY-MM-DD. Default: the date of each check, in UTC. */
  today?: string;
  /** The compiled rules, bundles/policy.wasm. Default: the rules of the package. Browsers need this option. */
  bundle?: Uint8Array | WasmModule;
  /** The metadata of the rules in `bundle`, as in bundles/rules.json. Default: the metadata of the package's rules. */
  rules?: readonly RuleInfo[];
}

/** Options of a single check. */
export interface RunOptions {
  /** Read between sources and between evaluation steps. */
  signal?: AbortSignal;
  /** Called between sources and between evaluation steps. An exception ends the check. */
  onProgress?: (progress: CheckProgress) => void;
}

/** The progress of a check. */
export interface CheckProgress {
  /** All sources are read first. Then the rules evaluate a few hundred resources at a time. */
  phase: "read" | "evaluate";
  /** The number of sources or evaluation steps that are done. */
  done: number;
  total: number;
  /** The source that was just read, or the directory of a Terraform root module. */
  file?: string;
}

/** Options of `loadConfig`. */
export interface LoadConfigOptions {
  /** The directory in which the search starts, and to which paths are relative. Default: the working directory. */
  cwd?: string;
  /** The path of the config file. Default: the file that the search finds. */
  file?: string;
}
