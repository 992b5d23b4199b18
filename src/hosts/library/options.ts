import type { Format } from "../../core/model/format.ts";
import type { Level, RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { ConfigFile, Preset } from "../../session/config/types.ts";
import type { LoadedConfig } from "./loaded-config.ts";

/** A `WebAssembly.Module`: not every platform's types know that name. */
export type WasmModule = object;

/** What is known about where the keys are, and how Terraform's source is read. */
export interface NormalizeOptions {
  /**
   * What `loadConfig` gave, or what a configuration file would hold. Of such an object globs start at the working
   * directory (in a browser at the root), and there are no paths in it: give `suppressions` and `baseline` as texts.
   */
  config?: LoadedConfig | ConfigFile;
  /** The account that owns the keys, twelve digits. Comes over the configuration, as all options do. */
  account?: string;
  /** The Region that is deployed to. */
  region?: string;
  /**
   * How Terraform's source is read. `true`, the default of Node: by the package's own module, whose bytes are read when
   * the checker is made, and unpacked and compiled when there is Terraform for the first time. `false`: not at all, and Terraform's
   * source is a problem. Else the module itself, bundles/terraform.wasm; needed in browsers.
   */
  terraform?: boolean | Uint8Array | WasmModule;
  /** Values of Terraform's variables. */
  variables?: { [name: string]: string };
  /** Paths of sources with values of Terraform's variables (.tfvars) that Terraform would not read by itself. */
  variableFiles?: string[];
  /** Custom input formats for JSON and YAML files. They take precedence over the built-in formats. */
  formats?: readonly Format[];
}

export interface CheckerOptions extends NormalizeOptions {
  /** What levels are where nothing else is said: `recommended` by default. */
  preset?: Preset;
  /** How much findings count, by rule; `off` leaves a rule out. */
  levels?: { [rule: string]: Level };
  /** What the rules allow, by rule, as in docs/settings.md. */
  settings?: { [rule: string]: { [name: string]: unknown } };
  /** Files of suppressions. Those in comments and metadata count by themselves. */
  suppressions?: Source[];
  /** Findings that were known before, as `baselineOf` writes them. */
  baseline?: Source;
  /** YYYY-MM-DD, by which suppressions end. By default the date of each check, in UTC. */
  today?: string;
  /** The compiled rules, bundles/policy.wasm. By default the package's own; needed in browsers. */
  bundle?: Uint8Array | WasmModule;
  /** What `bundle` holds, as bundles/rules.json. By default the package's own rules. */
  rules?: readonly RuleInfo[];
}

/** What holds for one check alone. */
export interface RunOptions {
  /** Looked at between files and between parts of the rules' work. */
  signal?: AbortSignal;
  /** Called between files and between parts of the rules' work. What it throws ends the check. */
  onProgress?: (progress: Progress) => void;
}

/** How far a check is. */
export interface Progress {
  /** Sources are read first, all of them, and then judged, in parts of some hundred resources. */
  phase: "read" | "judge";
  /** Sources, or parts, that are done. */
  done: number;
  total: number;
  /** The source that was just read, or the directory of a Terraform root module. */
  file?: string;
}

/** Where a configuration is. */
export interface ConfigRequest {
  /** The folder in which the search begins, and to which paths are relative. By default the working directory. */
  cwd?: string;
  /** The file, where none is to be looked for. */
  file?: string;
}
